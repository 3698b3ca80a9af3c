import type { ControlId } from '../registry.ts';

/** Controls about credentials that stand in plain text where they should come from a Secret. */
export const PLAIN_SECRETS = [
  'configmap-secret',
  'credential-from-configmap',
  'secret-in-annotation',
  'secret-in-command',
  'secret-in-custom-resource',
  'secret-in-helm-values',
  'secret-in-probe',
  'secret-literal-in-env',
  'secret-manifest-plaintext',
] as const satisfies readonly ControlId[];
