import http from 'node:http';
import type { AddressInfo } from 'node:net';

const STREAM = '/api/v1/events';

/** A reverse proxy before a hub, which stays where it is while hubs come and go behind it. */
export class HttpFront {
  /** What it answers to those who ask for the stream of events, in the place of the hub. */
  refusal: number | undefined;
  /** Paths of the requests that went through it, without the one for the stream. */
  readonly paths: string[] = [];
  private readonly streams = new Set<http.ServerResponse>();
  private readonly server: http.Server;

  private constructor(hub: () => string) {
    this.server = http.createServer((request, response) => {
      const { url = '', method, headers } = request;
      if (url !== STREAM) this.paths.push(url);
      else if (this.refusal !== undefined) {
        response.writeHead(this.refusal, { 'content-type': 'text/html' }).end('<p>Not now.</p>');
        return;
      } else {
        this.streams.add(response);
        response.once('close', () => this.streams.delete(response));
      }
      const asked = http.request(hub() + url, { method, headers, agent: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.once('error', () => response.destroy());
      });
      asked.once('error', () => {
        if (response.headersSent) response.destroy();
        else response.writeHead(502, { 'content-type': 'text/html' }).end('<p>Bad gateway.</p>');
      });
      response.once('close', () => asked.destroy());
      request.pipe(asked);
    });
  }

  static async start(hub: () => string): Promise<HttpFront> {
    const front = new HttpFront(hub);
    await new Promise<void>((done) => front.server.listen(0, '127.0.0.1', done));
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many streams of events are open. */
  get open(): number {
    return this.streams.size;
  }

  /** Ends all streams of events. */
  cut(): void {
    for (const stream of this.streams) stream.destroy();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
