import { certificateIssuerNotAllowed } from './certificate-issuer-not-allowed.ts';
import { certificateLifetimeLong } from './certificate-lifetime-long.ts';
import { certificateManyNames } from './certificate-many-names.ts';
import { certificateWildcard } from './certificate-wildcard.ts';
import { cloudCredentialMount } from './cloud-credential-mount.ts';
import { configmapSecret } from './configmap-secret.ts';
import { configmapSensitiveContent } from './configmap-sensitive-content.ts';
import { credentialFromConfigmap } from './credential-from-configmap.ts';
import { envKeyMissing } from './env-key-missing.ts';
import { envSourceMissing } from './env-source-missing.ts';
import { exampleCredentialInEnv } from './example-credential-in-env.ts';
import { exampleCredentialInSecret } from './example-credential-in-secret.ts';
import { externalSecretStore } from './external-secret-store.ts';
import { persistentVolumeUnencrypted } from './persistent-volume-unencrypted.ts';
import { secretDataInLastApplied } from './secret-data-in-last-applied.ts';
import { secretInAnnotation } from './secret-in-annotation.ts';
import { secretInCommand } from './secret-in-command.ts';
import { secretInCustomResource } from './secret-in-custom-resource.ts';
import { secretInHelmValues } from './secret-in-helm-values.ts';
import { secretInProbe } from './secret-in-probe.ts';
import { secretLiteralInEnv } from './secret-literal-in-env.ts';
import { secretManifestPlaintext } from './secret-manifest-plaintext.ts';
import { secretRefInEnv } from './secret-ref-in-env.ts';
import { secretReferenceNotAllowed } from './secret-reference-not-allowed.ts';
import { storageClassNotAllowed } from './storage-class-not-allowed.ts';
import { weakCredentialInEnv } from './weak-credential-in-env.ts';
import { weakCredentialInSecret } from './weak-credential-in-secret.ts';

/** The controls of this domain, by id. */
export const SECRETS_CONTROLS = [
  certificateIssuerNotAllowed,
  certificateLifetimeLong,
  certificateManyNames,
  certificateWildcard,
  cloudCredentialMount,
  configmapSecret,
  configmapSensitiveContent,
  credentialFromConfigmap,
  envKeyMissing,
  envSourceMissing,
  exampleCredentialInEnv,
  exampleCredentialInSecret,
  externalSecretStore,
  persistentVolumeUnencrypted,
  secretDataInLastApplied,
  secretInAnnotation,
  secretInCommand,
  secretInCustomResource,
  secretInHelmValues,
  secretInProbe,
  secretLiteralInEnv,
  secretManifestPlaintext,
  secretRefInEnv,
  secretReferenceNotAllowed,
  storageClassNotAllowed,
  weakCredentialInEnv,
  weakCredentialInSecret,
] as const;
