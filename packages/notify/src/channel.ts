import type { Secret } from '@bulwark/core';

/** Where messages go. Secrets are of a type that never prints them. */
export type Channel =
  | { readonly type: 'webhook'; readonly url: Secret<string>; readonly signingKey: Secret<string> }
  | {
      readonly type: 'slack';
      readonly url: Secret<string>;
      /** Another channel than that of the address; only some receivers heed it. */
      readonly channel?: string;
    }
  | {
      readonly type: 'smtp';
      readonly host: string;
      readonly port: number;
      /** TLS from the start; without it STARTTLS is demanded, except on the loopback address. */
      readonly implicitTls: boolean;
      readonly user?: string;
      readonly password?: Secret<string>;
      readonly from: string;
      readonly to: readonly string[];
    };
