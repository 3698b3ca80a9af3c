import { readFileSync } from 'node:fs';
import { RotatingProvider, tokenUntil } from '@bulwark/testkit';
import { afterEach, beforeEach } from 'vitest';
import type { ClusterAccess } from './access.ts';
import { config, kubeconfigFolder } from './kubeconfig.testing.ts';
import { SignIns } from './sign-ins.ts';

/** When tests of sign-ins begin, in milliseconds since the epoch. */
export const NOW = Date.parse('2026-11-26T10:00:00Z');
export const HOUR = 3_600_000;
export const EXPIRED = tokenUntil(NOW - 1000);

/** Undefined for what is not written, and an ID token that has expired by default. */
interface KubeconfigTokens {
  readonly refreshToken?: string;
  readonly idToken?: string;
  /** A further line. */
  readonly more?: string;
}

/** A provider for each test, and kubeconfigs of its user. */
export function oidcScene() {
  const folder = kubeconfigFolder();
  let now = NOW;
  let provider = new RotatingProvider();
  const clock = { now: () => now, wait: async () => undefined };
  beforeEach(async () => {
    now = NOW;
    provider = new RotatingProvider({ expires: () => now + HOUR });
    await provider.start();
  });
  afterEach(() => provider.stop());

  const kubeconfig = ({ refreshToken, idToken = EXPIRED, more = '' }: KubeconfigTokens = {}): string =>
    config({
      user: [
        'auth-provider:',
        '  name: oidc',
        '  config:',
        `    idp-issuer-url: ${provider.issuer}`,
        '    client-id: kube # ours',
        '    client-secret: client-s3cret',
        `    id-token: ${idToken}`,
        ...(refreshToken === undefined ? [] : [`    refresh-token: ${refreshToken}`]),
        ...(more === '' ? [] : [`    ${more}`]),
      ].join('\n'),
    });
  const signIns = (say?: (text: string) => void): SignIns =>
    new SignIns({ env: {}, clock, random: () => 0, ...(say !== undefined && { say }) });
  const accessOf = (text: string, tokens: SignIns = signIns()): ClusterAccess => {
    const access = folder.read(text, { clock, signIns: tokens });
    if (!access.ok) throw new Error(access.error.map(({ message }) => message).join('\n'));
    return access.value;
  };
  /** The header, or why there is none. */
  const tokenOf = async ({ credentials }: ClusterAccess): Promise<string> => {
    const found = await credentials.current();
    return found.ok
      ? (found.value.authorization?.reveal() ?? '')
      : found.error.message.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST').replaceAll(folder.path(), 'FOLDER');
  };
  const text = (): string => readFileSync(folder.path('config'), 'utf8');
  return {
    ...folder,
    clock,
    kubeconfig,
    signIns,
    accessOf,
    tokenOf,
    /** What stands in the kubeconfig. */
    text,
    written: (field: string) => new RegExp(`${field}: "?([^"\\n]+)"?`).exec(text())?.[1],
    pass: (milliseconds: number): void => {
      now += milliseconds;
    },
    get provider(): RotatingProvider {
      return provider;
    },
  };
}
