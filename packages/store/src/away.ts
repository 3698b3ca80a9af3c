import pg from 'pg';

/** A file that the address of the database names cannot be read: as long as that is so, nothing can be connected. */
class UnreadAddress extends Error {
  static of(error: unknown): unknown {
    const { message, code, syscall, path } = error as Partial<NodeJS.ErrnoException>;
    return syscall === undefined
      ? error
      : Object.assign(new UnreadAddress(message, { cause: error }), { code, syscall, path });
  }
}

/**
 * A client for pools. pg reads the files that an address names when a client is made, which its pool does where nobody hears that
 * it fails: then it fails when it is to connect.
 */
export const PooledClient = new Proxy(pg.Client, {
  construct(client, [config]: [pg.ClientConfig]) {
    try {
      return new client(config);
    } catch (error) {
      return Object.assign(new client({}), {
        connect: (tell: (error: unknown) => void) => process.nextTick(tell, UnreadAddress.of(error)),
      });
    }
  },
});

interface SystemError {
  readonly code?: unknown;
  readonly syscall?: unknown;
  /** Where a name has several addresses, what is wrong with each: Node says the call only there. */
  readonly errors?: readonly SystemError[];
}

/** Whether an error says that the database is away, rather than that a question was wrong (PostgreSQL, Appendix A). */
export function isAway(error: unknown): boolean {
  if (error instanceof UnreadAddress) return true;
  const { code, errors, syscall = errors?.[0]?.syscall } = error as SystemError;
  if (typeof code !== 'string')
    return error instanceof Error && /\b(terminated|timeout|ended|not queryable)\b/i.test(error.message);
  // Of the system, such as ECONNREFUSED; codes that begin with ERR_ are of Node, and faults of ours.
  const isOfSystem = code.startsWith('E') && !code.startsWith('ERR_');
  const isOfFile = OF_FILES.has(code) && !CONNECTING.has(syscall);
  return (
    code === 'database-away' || AWAY.some((begin) => code.startsWith(begin)) || (isOfSystem && !isOfFile)
  );
}

/** What the system says of files, and of the database only where a connection is made: its socket may be a file. */
const OF_FILES: ReadonlySet<string> = new Set(
  'EACCES EDQUOT EEXIST EIO EISDIR EMFILE ENOENT ENOSPC ENOTDIR EPERM EROFS'.split(' '),
);
const CONNECTING: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo']);

/**
 * Connections that fail (08) or are refused (28), writing that is refused as the server only reads (25006), no memory, disk or
 * connection left (53), an operator's intervention (57P), and a disk that fails (58).
 */
const AWAY = ['08', '28', '25006', '53', '57P', '58'];
