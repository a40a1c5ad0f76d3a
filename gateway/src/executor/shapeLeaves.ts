/** The function of LEAF_CODE that writes a scalar, by the scalar's name; `any` for the supergraph's own. */
export const LEAVES: Readonly<Record<string, string>> = {
  ID: 'id',
  String: 'string',
  Int: 'int',
  Float: 'float',
  Boolean: 'boolean',
};

/** Code. What @apollo/gateway takes for a value of a scalar: any integer for Int, however large. Its own scalars can be anything. */
export const LEAF_CODE: string = `
const string = (v) => { if (typeof v !== 'string') throw UNUSUAL; return quote(v); };
const id = (v) => (typeof v === 'string' ? quote(v) : int(v));
const int = (v) => { if (!Number.isInteger(v) || v > 1e20 || v < -1e20) throw UNUSUAL; return String(v); };
const float = (v) => { if (typeof v !== 'number' || !Number.isFinite(v)) throw UNUSUAL; return String(v); };
const boolean = (v) => { if (typeof v !== 'boolean') throw UNUSUAL; return v ? 'true' : 'false'; };
const any = (v) => (typeof v === 'string' ? quote(v) : JSON.stringify(v));
`;
