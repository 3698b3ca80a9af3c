import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { type FakeApiServer, fakeApiServer, TestAuthority } from '@bulwark/testkit';
import { afterEach } from 'vitest';

export const authority = new TestAuthority();
export const serverCertificate = authority.issue({ commonName: 'api', names: ['127.0.0.1'] });

/** Servers of a test, which end after it. */
export interface Served {
  /** What ends after the test, in this order. */
  readonly ended: (() => Promise<void> | void)[];
  /** An API server that speaks TLS. */
  readonly serve: (tls?: typeof serverCertificate, clientAuthority?: string) => Promise<FakeApiServer>;
  /** Opens any other server on this machine; the port. */
  readonly listening: (server: Server | HttpServer) => Promise<number>;
}

/** To be called once by a file of tests. */
export function served(): Served {
  const ended: Served['ended'] = [];
  afterEach(async () => {
    for (const end of ended.splice(0)) await end();
  });
  return {
    ended,
    serve: async (tls = serverCertificate, clientAuthority) => {
      const server = await fakeApiServer({ tls, ...(clientAuthority !== undefined && { clientAuthority }) });
      ended.push(() => server.stop());
      return server;
    },
    listening: async (server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      ended.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
      return (server.address() as AddressInfo).port;
    },
  };
}
