import { type Format, typed } from './secret-format.ts';

const RULE = 'command-line-password';
/** What may stand between a program and its flag: other words of the same command. */
const WORDS = '(?:[^\\n|;&]{0,300}? )?';
/** A word that is no redirection and no end of the command. */
const WORD = `(?<secret>[^\\s"'<>|;&][^\\s"']{0,199})`;

/** Programs by the flag that takes their password. */
const FLAGS = [
  ['curl', '(?:-u|--user)[ =]{1,3}["\']?[\\w.@-]{0,100}:'],
  ['sshpass', '-p {0,3}["\']?'],
  ['redis-cli', '-a {1,3}["\']?'],
  ['mysql', '-p["\']?'],
  ['mariadb', '-p["\']?'],
  ['mongo', '-p {1,3}["\']?'],
  ['ldap', '-w {1,3}["\']?'],
  ['openssl', '-[kK] {1,3}["\']?'],
  // Of docker, podman, helm registry, az and the like.
  ['login', '-p {1,3}["\']?'],
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
  {
    rule: RULE,
    hint: '--password-stdin',
    pattern:
      /(?<![\w.-])(?:echo|printf) {1,3}(?:-[neE]{1,3} {1,3})?(?:["']?%s(?:\\n)?["']? {1,3})?["']?(?<secret>[^\s"'`|]{1,300})["']? {0,9}\|[^\n|;&]{0,300}?--password-stdin/dg,
    confidence: typed,
  },
  {
    rule: RULE,
    hint: '--password-stdin',
    pattern: /--password-stdin[^\n|;&<]{0,200}<<< {0,3}["']?(?<secret>[^\s"'`]{1,300})/dg,
    confidence: typed,
  },
  ...['-u', '--user=', '--proxy-user='].map((flag) => ({
    // A word of its own, in the arguments of a program that is named elsewhere.
    rule: RULE,
    hint: flag,
    pattern: new RegExp(`^${flag}[\\w.@-]{1,100}:(?<secret>[^\\s"']{1,200})$`, 'dg'),
    confidence: typed,
  })),
];
