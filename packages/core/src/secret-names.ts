import { originOfAnnotation } from './exception-annotations.ts';

const MAX_NAME = 200;

/** Words that name a credential by themselves, run together with others or not: `PGPASSWORD`, `Datenbankkennwort`. */
const CREDENTIAL_WORD =
  /(?:password|passwd|passphrase|passcode|passwort|kennwort|motdepasse|contraseni?a|credentials?|apikey|secretkey|privatekey|accesskey|accesstoken|authtoken|apitoken|clientsecret|requirepass|masterauth|connectionstring|connstr)s?$/;
/** Words that do so only where they stand alone: other ones end in the same letters, such as `desenha`. */
const CREDENTIAL_ALONE = /^(?:pass|pwd|dbpass|dbpwd|bindpw|rootpw|senhas?|secrets?|tokens?|pat|psk)$/;
/** As `BIND_PW`, but not `PW_REPORTER`, where it is the short name of a program. */
const CREDENTIAL_LAST = 'pw';
/** What makes a `key` a secret one. */
const KEY_OWNER =
  /^(?:api|private|secret|access|encryption|signing|signature|master|shared|auth|consumer|functions|account|storage|hmac|crypt|crypto|encrypt|license|service|deploy|app|session|jwt|ssh|admin|subscription)$/;
/** Words after which a name is about a credential, but not one: `PASSWORD_FILE`, `tokenTTL`. */
const ABOUT =
  /^(?:files?|filename|paths?|dir|directory|datei|pfad|fichier|chemin|archivo|fichero|ruta|arquivo|caminho|names?|ttl|enabled?|disabled?|urls?|uri|endpoint|host|port|ids?|refs?|reference|keys?|type|types|length|size|min|max|expir\w{0,8}|seconds|minutes|hours|days|duration|timeout|interval|lifetime|age|policy|policies|provider|class|store|engine|backend|mount|volume|manager|rotation|format|header|field|param|parameter|issuer|audience|namespace|count|limit|version|algorithm|alg|required|optional|allowed|mode|method|source|selector|labels?|annotations?|prefix|suffix|usages?|requests?|review|strategy|env|var|stdin|location|server|service|account|user|username|template|items?|controller|cache|pattern|regex|checksum|description|help|hint|prompt)$/;
/** What half of a login of AppRole (Vault) is called; elsewhere it may name a secret: `secretId`, `VAULT_SECRET_ID`. */
const SECRET_ID = /^(?:[\w.-]{0,80}(?:vault|role)[_.-]?)?secret[_.-]?id$/i;
/** Words before `secret` or `token` that make it an object's name, a cursor or an amount: `existingSecret`, `maxTokens`. */
const NOT_OF =
  /^(?:existing|pull|tls|image|next|page|continue|csrf|xsrf|max|min|num|total|input|output|prompt|completion)$/;
/** A cheap first look at a name or a text: without one of these, nothing in it is called a credential. */
export const CREDENTIAL_HINT =
  /pass|pw|kennwort|contrase|senha|secret|token|key|credential|conn|\bpat\b|psk|auth|cookie/i;
/** What the word after `-u` is called, for no name stands there. */
export const USER_AND_PASSWORD = 'user:password';

function wordsOf(name: string): string[] {
  return name
    .slice(-MAX_NAME)
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !/^\d+$/.test(word));
}

function isCredentialAt(words: readonly string[], index: number): boolean {
  const word = words[index] ?? '';
  const before = words[index - 1] ?? '';
  if (CREDENTIAL_WORD.test(word)) return true;
  if (CREDENTIAL_ALONE.test(word)) return !NOT_OF.test(before);
  if (word === CREDENTIAL_LAST) return index === words.length - 1;
  if (word === 'passe') return before === 'de' && words[index - 2] === 'mot';
  if (word === 'key' || word === 'keys') return KEY_OWNER.test(before);
  return word === 'string' && (before === 'connection' || before === 'conn');
}

/** Headers, and variables that hold one: what a request shows to be let in. */
const LOGIN = /(?:^|[_.-]|[a-z](?=[A-Z]))(?:authorization|cookies?|auth)$|^x[_-]?auth(?![a-z])/i;
/** Names that end in `auth` and may as well ask for a way to sign in: `AUTH=ldap`, but not `BASIC_AUTH`. */
const OPEN_LOGIN = /^(?!x[_-]?auth)(?!.*(?:basic|http|proxy)[_.-]?auth$).*auth$/is;

/** Whether what carries a name that `credentialName` calls a login may be a way to sign in and no credential. */
export function isOpenLogin(name: string): boolean {
  return OPEN_LOGIN.test(name.slice(-MAX_NAME));
}

/**
 * Whether a name says that its value is a credential. `strong`: the name ends in it, as `DB_PASSWORD`. `weak`: something
 * follows that does not tell, as `PASSWORD_PROD`, or the value often holds no credential, as a connection string. `login`:
 * the value holds one among other things, as `Authorization`, `Cookie` or `BASIC_AUTH`. `id`: the value is a credential or
 * the name of one, as `secretId`. An annotation that excepts from a control says why, whatever the control is called.
 */
export function credentialName(name: string): 'strong' | 'weak' | 'login' | 'id' | undefined {
  if (!CREDENTIAL_HINT.test(name) || originOfAnnotation(name) !== undefined) return undefined;
  if (SECRET_ID.test(name)) return 'id';
  if (LOGIN.test(name.slice(-MAX_NAME))) return 'login';
  const words = wordsOf(name);
  const last = words.length - 1;
  if (isCredentialAt(words, last))
    return /^(?:string|\w*connstr|\w*connectionstring)$/.test(words[last] ?? '') ? 'weak' : 'strong';
  if (ABOUT.test(words[last] ?? '')) return undefined;
  return words.some((_word, index) => isCredentialAt(words, index)) ? 'weak' : undefined;
}

/** Headers of requests whose whole value lets in whoever has it, whatever it looks like. */
const CREDENTIAL_HEADER = /^(?:(?:proxy-)?authorization|cookie|x-auth)$/i;

/** Whether a name is that of a header which is never shown: what stands in it may be a credential of any form. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL_HEADER.test(name);
}

/** What a map is called whose texts are credentials, each by a name of its own: `passwords: { admin: X }`. */
const CREDENTIAL_MAP =
  /(?:^|[_.-])(?:passwords|secrets|tokens|credentials)$|[a-z](?:Passwords|Secrets|Tokens|Credentials)$/;

/** Whether a text is a credential by what the map is called that it stands in, and not something about one. */
export function isNamedByMap(map: string, key: string): boolean {
  return CREDENTIAL_MAP.test(map.slice(-MAX_NAME)) && !ABOUT.test(wordsOf(key).at(-1) ?? '');
}
