import { createServer as createHttp, type Server as HttpServer } from 'node:http';
import { connect, createServer, type Server } from 'node:net';

/** A proxy that tunnels, or answers with another status, and writes down what it is asked for and by whom. */
export function httpProxy(told: string[], status = 200): HttpServer {
  const proxy = createHttp();
  proxy.on('connect', (request, socket) => {
    told.push(`${request.url} ${request.headers['proxy-authorization'] ?? 'nobody'}`);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host ?? '', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    for (const each of [socket, upstream]) each.on('error', () => undefined);
  });
  return proxy;
}

/** A SOCKS proxy that connects to the loopback address, and writes down what it is asked for. */
export function socksProxy(told: string[]): Server {
  return createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (request: Buffer) => {
        const port = request.readUInt16BE(request.length - 2);
        told.push(`type ${request[3]} port ${port}`);
        const upstream = connect(port, '127.0.0.1', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
          upstream.pipe(socket);
          socket.pipe(upstream);
        });
        upstream.on('error', () => undefined);
      });
    });
  });
}
