/**
 * Beginnings of passwords that everybody tries first: what leads the published lists of leaked ones, without digits and signs
 * at the end. Shorter ones than the shortest password that is taken are there because people lengthen them.
 */
const common = new Set(
  `password passw0rd p@ssword p@ssw0rd mypassword newpassword thepassword passwordpassword password1password
  qwerty qwertyuiop qwertyuiopasdfghjkl qwertyqwerty qwerty123qwerty qwertyuiopas qwertzuiop azertyuiop 1q2w3e4r5t6y 1qaz2wsx3edc
  1q2w3e4r5t 1qaz2wsx qazwsxedcrfv qazwsxedc zaq12wsxcde asdfghjkl asdfghjklzx zxcvbnm asdfasdfasdf q1w2e3r4t5y6
  letmein letmeinplease welcome welcomewelcome iloveyou iloveyouiloveyou iloveyousomuch iloveyoubaby iloveyouforever
  administrator adminadmin adminadminadmin admin superadmin rootroot rootrootroot changeme changemechangeme changemenow
  trustno1 abc123abc123 abcabcabcabc abcdefghijkl abcdefghijklm abcdefghijklmnop abcd1234abcd abc123 test testtest testtesttest
  testing testing123testing monkey monkeymonkey dragon dragondragon football footballfootball baseball basketball superman
  supermansuperman batmanbatman spiderman starwars sunshine sunshinesunshine princess princessprincess shadowshadow
  michaeljordan michael jennifer jordanjordan charlie master mastermaster masterkey computer computercomputer internet
  liverpool liverpoolfc manchesterunited manchester barcelona realmadrid chelseachelsea arsenalarsenal
  whatever whateverwhatever nothing nothingnothing secret secretsecret supersecret topsecret godisgood jesuschrist jesus
  correcthorsebatterystaple correct-horse-battery-staple correct_horse_battery_staple correct horse battery staple
  donttellanyone idontknow idontremember forgotpassword forgetmenot hellohello hello helloworld hello world
  summer winter spring autumn summer2024 winter2024 january december november september october february
  mustang corvette ferrariferrari mercedes porsche chocolate butterfly butterflies cheesecake strawberry
  taskgraph taskgraphtaskgraph taskgraphadmin`
    .split(/\s+/)
    .concat(['correct horse battery staple', 'hello world']),
);

/**
 * Whether a password is one that is tried first: a common one, with digits or signs after it, as it is or backwards; a run
 * of the keyboard or the alphabet; a few characters again and again; or the person's own name or address.
 *
 * @param about what people know of the person
 */
export function isCommonPassword(password: string, about: readonly string[] = []): boolean {
  const plain = password.toLowerCase().trim();
  const bare = plain.replace(/[\d\p{P}\p{S}\s]+$/u, '');
  const backwards = [...plain]
    .reverse()
    .join('')
    .replace(/[\d\p{P}\p{S}\s]+$/u, '');
  if ([plain, bare, backwards].some((text) => common.has(text))) return true;
  if (/^(.{1,4})\1+.{0,3}$/su.test(plain) || isRun(plain)) return true;
  const letters = plain.replace(/[^\p{L}]/gu, '');
  return about
    .flatMap((text) => [text, text.split('@')[0] ?? ''])
    .map((text) => text.toLowerCase().replace(/[^\p{L}]/gu, ''))
    .some((text) => text.length >= 3 && letters === text);
}

/** Whether each character is the next one, up or down: 123456789012, zyxwvutsrqpo. Digits go on from 9 to 0. */
function isRun(text: string): boolean {
  const steps = [...text]
    .slice(1)
    .map((character, index) => (character.codePointAt(0) ?? 0) - (text.codePointAt(index) ?? 0));
  return [1, -1].some((step) => steps.every((one) => one === step || one === -9 * step));
}
