import { type Result, Secret } from '@bulwark/core';
import type { KubeFailure } from '../client/failure.ts';
import type { Clock } from '../clock.ts';
import { isLoopback, urlOf } from './address.ts';
import { authoritiesOf } from './cluster-entry.ts';
import type { Fields } from './fields.ts';
import { type Entry, pathOf } from './kubeconfig-file.ts';

/** A user of an OpenID provider, as the `oidc` provider of a kubeconfig describes it. */
export interface OidcUser {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: Secret<string> | undefined;
  readonly idToken: Secret<string> | undefined;
  readonly refreshToken: Secret<string> | undefined;
  /** PEM certificates of the provider's authorities. */
  readonly authorities: () => Promise<Result<string | undefined, KubeFailure>>;
}

/** Reads a user with `auth-provider`; undefined where it cannot be used, and then its problems say why. */
export function readOidcUser(entry: Entry, clock: Clock): OidcUser | undefined {
  const provider = entry.fields.mapping('auth-provider');
  if (provider === undefined) return undefined;
  const kind = provider.text('name') ?? 'without a name';
  const config = provider.mapping('config');
  if (kind !== 'oidc' || config === undefined) {
    const message = `The user ${entry.name} signs in by the provider ${kind}, which Kubernetes has removed; use its exec plugin.`;
    provider.refuse(
      'name',
      kind === 'oidc' ? `The provider oidc of the user ${entry.name} has no config.` : message,
    );
    return undefined;
  }
  const issuer = urlOf(config.text('idp-issuer-url') ?? '');
  const clientId = config.text('client-id');
  if (issuer === undefined || (issuer.protocol !== 'https:' && !isLoopback(issuer))) {
    config.refuse('idp-issuer-url', 'idp-issuer-url must be an https address.');
    return undefined;
  }
  if (clientId === undefined) {
    config.refuse('client-id', `The provider oidc of the user ${entry.name} has no client-id.`);
    return undefined;
  }
  const path = pathOf({ ...entry, fields: config }, 'idp-certificate-authority');
  return {
    issuer,
    clientId,
    clientSecret: secretOf(config, 'client-secret'),
    idToken: secretOf(config, 'id-token'),
    refreshToken: secretOf(config, 'refresh-token'),
    authorities: authoritiesOf(config.data('idp-certificate-authority-data'), path, clock),
  };
}

function secretOf(fields: Fields, field: string): Secret<string> | undefined {
  const text = fields.text(field);
  return text === undefined ? undefined : new Secret(text);
}
