import { once } from 'node:events';
import { isIP, isIPv4, type Socket } from 'node:net';

/** Whom a SOCKS proxy is asked to connect to. */
export interface SocksTarget {
  /** A name, which the proxy resolves, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** For a proxy that asks for one. */
  readonly login?: { readonly user: string; readonly password: string };
}

const VERSION = 5;
const LOGIN_VERSION = 1;
const CONNECT = 1;
const WITHOUT_LOGIN = 0;
const WITH_LOGIN = 2;
const [IPV4, NAME, IPV6] = [1, 3, 4] as const;
const MOST_BYTES = 255;
/** What a reply says (RFC 1928, 6). */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'it failed',
  2: 'its rules do not allow it',
  3: 'the network cannot be reached',
  4: 'the host cannot be reached',
  5: 'the connection was refused',
  6: 'the way is too long',
  7: 'it makes no connections',
  8: 'it does not know this kind of address',
};

/**
 * Has a SOCKS proxy (version 5, RFC 1928 and 1929) that a socket is connected to connect it to another server. From then on
 * the socket is to that one. It has no time limit: whoever destroys the socket with an error ends it.
 *
 * @throws Error that says what the proxy refused, or that it hung up.
 */
export async function connectBySocks(socket: Socket, { host, port, login }: SocksTarget): Promise<void> {
  const answers = new Answers(socket);
  await signIn(socket, answers, login);
  socket.write(Buffer.from([VERSION, CONNECT, 0, ...addressOf(host), port >> 8, port & 0xff]));
  const [, refusal = 1, , kind = IPV4] = await answers.take(4);
  if (refusal !== 0)
    throw new Error(`the SOCKS proxy does not connect: ${REFUSALS[refusal] ?? `reply ${refusal}`}`);
  // From where it connected tells nothing, but it comes before what the server says.
  const [length = 0] = kind === NAME ? await answers.take(1) : [kind === IPV6 ? 16 : 4];
  await answers.take(length + 2);
  answers.end();
}

async function signIn(socket: Socket, answers: Answers, login: SocksTarget['login']): Promise<void> {
  const ways = login === undefined ? [WITHOUT_LOGIN] : [WITH_LOGIN, WITHOUT_LOGIN];
  socket.write(Buffer.from([VERSION, ways.length, ...ways]));
  const [version, way = -1] = await answers.take(2);
  if (version !== VERSION) throw new Error('the proxy does not speak SOCKS 5');
  if (!ways.includes(way))
    throw new Error(
      login === undefined ? 'the SOCKS proxy wants a user' : 'the SOCKS proxy takes no user with a password',
    );
  if (way !== WITH_LOGIN || login === undefined) return;
  socket.write(Buffer.from([LOGIN_VERSION, ...counted(login.user), ...counted(login.password)]));
  const [, refused] = await answers.take(2);
  if (refused !== 0) throw new Error('the SOCKS proxy does not know this user and password');
}

/** What a proxy says, taken by so many bytes as an answer has. */
class Answers {
  private readonly socket: Socket;
  private held: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
  }

  async take(count: number): Promise<Buffer> {
    const { socket } = this;
    while (this.held.length < count) {
      // All that is there: while some is left, it would be told as new again and again.
      const bytes = socket.read() as Buffer | null;
      if (bytes !== null) this.held = Buffer.concat([this.held, bytes]);
      else if (socket.readableEnded || socket.destroyed) throw new Error('the SOCKS proxy hung up');
      else await more(socket);
    }
    const taken = this.held.subarray(0, count);
    this.held = this.held.subarray(count);
    return taken;
  }

  /** Gives back what is none of its answers: it is of the server. */
  end(): void {
    if (this.held.length > 0) this.socket.unshift(this.held);
  }
}

async function more(socket: Socket): Promise<void> {
  const heard = new AbortController();
  const { signal } = heard;
  try {
    await Promise.race([once(socket, 'readable', { signal }), once(socket, 'close', { signal })]);
  } finally {
    heard.abort();
  }
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > MOST_BYTES)
    throw new Error(`a SOCKS proxy takes at most ${MOST_BYTES} bytes for each name`);
  return Buffer.from([bytes.length, ...bytes]);
}

function addressOf(host: string): Buffer {
  if (isIP(host) === 0) return Buffer.from([NAME, ...counted(host)]);
  if (isIPv4(host)) return Buffer.from([IPV4, ...host.split('.').map(Number)]);
  return Buffer.from([IPV6, ...bytesOfIpv6(host)]);
}

/** Of an address as an URL has it: groups of hexadecimal digits, of which `::` leaves out those that are zero. */
function bytesOfIpv6(host: string): number[] {
  const [head = [], tail = []] = host
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const left = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...left, ...tail].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
