import { type Format, typed } from './secret-format.ts';

const RULE = 'command-line-password';
/** What may stand between a program and its flag: other words of the same command. */
const WORDS = '(?:[^\\n|;&]{0,300}? )?';
/** A word that is no redirection and no end of the command. */
const WORD = `(?<secret>[^\\s"'<>|;&][^\\s"']{0,199})`;
/** The name of a user before a password, which may come from variables. */
const USER = '(?:[\\w.@+%\\\\-]|\\$\\w|\\$\\{\\w{1,60}\\}){1,100}';
/** As Samba takes both. */
const SMB = `(?:-U {0,3}|--user[ =]{1,3})["']?[^\\s"'%]{1,100}%`;

/** Programs by the flag that takes their password. */
const FLAGS = [
  ['curl', `(?:-[A-Za-z]{0,6}[uU] {1,3}|-[uU]|--(?:proxy-)?user[ =]{1,3})["']?(?:${USER})?:(?!//)`],
  ['sshpass', '-p {0,3}["\']?'],
  ['redis-cli', '-a {1,3}["\']?'],
  ['mysql', '-p["\']?'],
  ['mariadb', '-p["\']?'],
  ['mongo', '-p {1,3}["\']?'],
  ['ldap', '-w {1,3}["\']?'],
  ['ldappasswd', '-[as] {1,3}["\']?'],
  // The others have flags of several letters behind one dash.
  ...(['search', 'modify', 'passwd', 'add', 'delete', 'whoami'] as const).map(
    (act) => [`ldap${act}`, '-w["\']?'] as const,
  ),
  ...(['smbclient', 'rpcclient', 'smbget', 'net rpc', 'net ads'] as const).map(
    (program) => [program, SMB] as const,
  ),
  ['openssl', '-[kK] {1,3}["\']?'],
  // Of docker, podman, helm registry, az and the like.
  ['login', '-p {1,3}["\']?'],
] as const;

/** Programs of Oracle, which take `user/password@database`. */
const ORACLE = ['sqlplus', 'sqlldr', 'expdp', 'impdp', 'rman'] as const;
const ORACLE_LOGIN =
  '(?: {1,3}-\\w{1,10}(?: {1,3}\\d[\\d.]{0,5})?){0,6} {1,3}(?:target {1,3}|[^\\n|;&]{0,300}?(?<= |"|\')userid=)?' +
  `["']?(?:[A-Za-z][\\w$#]{0,127}|\\$\\w{1,60}|\\$\\{\\w{1,60}\\})/(?<secret>[^\\s@"'/;|&]{1,200})(?![^\\s@"';|&])`;

/** What writes a password into a pipe, up to it. */
const ECHO = `(?<![\\w.-])(?:echo|printf) {1,3}(?:-[neE]{1,3} {1,3})?(?:["']?%s(?:\\\\n)?["']? {1,3})?["']?`;
const PIPED = '(?<secret>[^\\s"\'`|]{1,300}?)(?:\\\\n)?["\']? {0,9}\\|';
const HERE = `[^\\n|;&<]{0,200}<<< {0,3}["']?`;
const PLACE = ' {0,9}(?:sudo {1,3})?(?:/[\\w/]{1,40}/)?';
const SUDO =
  'sudo(?: {1,3}-{1,2}[\\w-]{1,20}(?:[ =](?!-)[\\w.\'"-]{1,40})?){0,4}? {1,3}(?:-[A-Za-z]{0,8}S[A-Za-z]{0,8}|--stdin)';

/** What reads a password from its input: by a text in it, what stands before it after a pipe, and before the password. */
const READERS = [
  { hint: '--password-stdin', from: '[^\\n|;&]{0,300}?', reader: '--password-stdin', before: '' },
  { hint: 'chpasswd', from: '[^\\n|;&]{0,100}?', reader: 'chpasswd', before: `${USER}:` },
  { hint: 'kinit', from: '[^\\n|;&]{0,100}?', reader: 'kinit', before: '' },
  { hint: 'passwd', from: PLACE, reader: '(?:smb)?passwd', before: '' },
  { hint: 'sudo ', from: PLACE, reader: SUDO, before: '' },
] as const;

/** Of what may as well be prose: `net user growth`. */
function typedUnlessWord(password: string): ReturnType<typeof typed> {
  return /[^A-Za-z.,:%]/.test(password) ? typed(password) : undefined;
}

/** `net user NAME PASSWORD` of Windows, with another flag or as a command of its own. */
const NET_USER = [
  { before: '(?<![\\w.-])', after: ' {1,3}/[A-Za-z]', confidence: typed },
  {
    before: '(?:^|[\\n;&|("\']|\\bRUN|/[cC]) {0,20}',
    after: '\\s{0,3}(?:$|[\\n|;&)])',
    confidence: typedUnlessWord,
  },
] as const;

/** Passwords on a command line, where only the program or the flag before them says what they are. */
export const COMMAND_FORMATS: readonly Format[] = [
  ...FLAGS.map(([program, flag]) => ({
    rule: RULE,
    hint: program,
    pattern: new RegExp(`(?<![\\w.-])${program}[a-z]{0,8} ${WORDS}${flag}(?<secret>[^\\s"']{1,200})`, 'dg'),
    confidence: typed,
  })),
  {
    // Of those alone that have no flag of several letters behind one dash, as `vault login -path=x`.
    rule: RULE,
    hint: ' login ',
    pattern: new RegExp(
      `(?<![\\w.-])(?:docker|podman|nerdctl|buildah|skopeo|registry) login ${WORDS}-p["'=]?(?<secret>[^\\s"'=][^\\s"']{0,199})`,
      'dg',
    ),
    confidence: typed,
  },
  ...['add_user', 'change_password'].map((act) => ({
    rule: RULE,
    hint: act,
    pattern: new RegExp(
      `(?<![\\w.-])rabbitmqctl ${WORDS}${act} {1,3}(?:-- {1,3})?[^\\s|;&]{1,100} {1,3}["']?${WORD}`,
      'dg',
    ),
    confidence: typed,
  })),
  ...READERS.flatMap(({ hint, from, reader, before }) => {
    const word = `(?<![\\w.-])${reader}(?![\\w.-])`;
    return [
      `${ECHO}${before}${PIPED}${from}${word}`,
      `${word}${HERE}${before}(?<secret>[^\\s"'\`]{1,300})`,
    ].map((pattern) => ({ rule: RULE, hint, pattern: new RegExp(pattern, 'dg'), confidence: typed }));
  }),
  {
    rule: RULE,
    hint: 'chpasswd',
    pattern: new RegExp(
      `(?<![\\w.-])chpasswd[^\\n|;&<]{0,60}<<-? {0,3}["']?\\w{1,30}["']?\\s{1,40}${USER}:(?<secret>[^\\s"'\`]{1,300})`,
      'dg',
    ),
    confidence: typed,
  },
  ...ORACLE.map((program) => ({
    rule: RULE,
    hint: program,
    pattern: new RegExp(`(?<![\\w.-])${program}${ORACLE_LOGIN}`, 'dg'),
    confidence: typed,
  })),
  ...NET_USER.map(({ before, after, confidence }) => ({
    rule: RULE,
    hint: ' user ',
    pattern: new RegExp(
      `${before}net(?:\\.exe)? user {1,3}["']?[^\\s"'|;&/]{1,100}["']? {1,3}["']?(?<secret>[^\\s"'*/|;&<>-][^\\s"'|;&<>]{0,199})["']?(?=${after})`,
      'dg',
    ),
    confidence,
  })),
  ...['-u', '--user=', '--proxy-user='].map((flag) => ({
    // A word of its own, in the arguments of a program that is named elsewhere.
    rule: RULE,
    hint: flag,
    pattern: new RegExp(`^${flag}[\\w.@-]{1,100}:(?<secret>[^\\s"']{1,200})$`, 'dg'),
    confidence: typed,
  })),
];
