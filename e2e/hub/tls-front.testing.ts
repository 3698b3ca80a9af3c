import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { TestAuthority } from '@bulwark/testkit';

/** A proxy with TLS before a hub, as API servers send tokens over TLS only. */
export class TlsFront {
  readonly authority: string;
  /** Statuses of the answers of the hub. */
  readonly answers: number[] = [];
  /** All that was posted. */
  posted = '';
  private readonly server: https.Server;

  private constructor(hub: () => string) {
    const authority = new TestAuthority();
    this.authority = authority.certificate;
    const { certificate, key } = authority.issue({ commonName: 'front', names: ['127.0.0.1'] });
    this.server = https.createServer({ cert: certificate, key }, (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts);
        this.posted += body.toString('utf8');
        const { authorization = '', 'content-type': type = '' } = request.headers;
        void fetch(hub() + (request.url ?? ''), {
          method: 'POST',
          headers: { authorization, 'content-type': type },
          body,
        })
          .then(({ status }) => status)
          .catch(() => 502)
          .then((status) => {
            this.answers.push(status);
            response.writeHead(status).end();
          });
      });
    });
  }

  static async start(hub: () => string): Promise<TlsFront> {
    const front = new TlsFront(hub);
    await new Promise<void>((done) => front.server.listen(0, '127.0.0.1', done));
    return front;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
