/** Whether each `AND` side and one `OR` side of an SPDX expression is allowed. Throws SyntaxError for what is none. */
export function allowsExpression(expression: string, allowed: (id: string) => boolean): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const word = () => tokens[at]?.toUpperCase();

  function either(): boolean {
    let result = both();
    while (word() === 'OR') {
      at++;
      result = both() || result;
    }
    return result;
  }

  function both(): boolean {
    let result = one();
    while (word() === 'AND') {
      at++;
      result = one() && result;
    }
    return result;
  }

  function one(): boolean {
    const token = tokens[at++];
    if (token === '(') {
      const result = either();
      if (tokens[at++] !== ')') throw new SyntaxError(`"${expression}" lacks a ")"`);
      return result;
    }
    if (!token || !/^[A-Za-z0-9][A-Za-z0-9.+-]*$/.test(token) || /^(and|or|with)$/i.test(token)) {
      throw new SyntaxError(`"${expression}" is not an SPDX expression`);
    }
    if (word() !== 'WITH') return allowed(token);
    at++;
    return allowed(`${token} WITH ${tokens[at++]}`);
  }

  const result = either();
  if (at !== tokens.length) throw new SyntaxError(`"${expression}" is not an SPDX expression`);
  return result;
}
