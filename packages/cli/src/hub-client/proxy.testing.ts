import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy that notes what it sees; for tests. */
export interface ProxyAt {
  readonly url: string;
  readonly asked: readonly string[];
  /** All that went through it, in both directions. */
  readonly seen: () => Buffer;
  readonly refuseWith: (status: number | undefined) => void;
  readonly stop: () => Promise<void>;
}

/** A proxy that opens tunnels to a port of this machine, whatever it is asked for. */
export async function proxyTo(port: number): Promise<ProxyAt> {
  const asked: string[] = [];
  const parts: Buffer[] = [];
  const open = new Set<Duplex>();
  let refused: number | undefined;
  const note = (socket: Duplex): void => {
    open.add(socket);
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  };
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    parts.push(Buffer.from(JSON.stringify(request.headers)));
    response.writeHead(400).end();
  });
  server.on('connect', ({ method, url, headers }, socket: Duplex) => {
    asked.push(`${method ?? ''} ${url ?? ''}`);
    parts.push(Buffer.from(JSON.stringify({ ...headers, 'proxy-authorization': undefined })));
    note(socket);
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${refused} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    note(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    seen: () => Buffer.concat(parts),
    refuseWith: (status) => {
      refused = status;
    },
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
