import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactDeep } from './redaction.ts';

const REDACTED = '[redacted]';
const PLANTED = 'pl4nted-Value0014';

describe('what is called secretId', () => {
  it.each(['secretId', 'secret_id', 'secretID', 'VAULT_SECRET_ID', 'appRoleSecretId', 'vault.secret-id'])(
    'replaces the half of a login that %s is, and leaves what names a secret',
    (name) => {
      for (const secret of [PLANTED, '7f1a2b3c-0d4e-4f5a-8b6c-9d0e1f2a3b4c'])
        expect(redactDeep({ [name]: secret })).toEqual({ [name]: REDACTED });
      expect(redactDeep({ args: [`--${name}`, PLANTED] })).toEqual({ args: [`--${name}`, REDACTED] });
      for (const reference of ['backend-approle', 'team/app/approle-7', '$(SECRET_ID)', `\${SECRET_ID}`, ''])
        expect(redactDeep({ [name]: reference })).toEqual({ [name]: reference });
    },
  );

  const word = fc.stringMatching(/^[a-z]{2,8}\d{0,3}$/);
  const objectName = fc
    .tuple(word, fc.array(fc.oneof(word, fc.stringMatching(/^\d{1,4}$/)), { minLength: 1, maxLength: 3 }))
    .chain(([first, more]) => fc.constantFrom('-', '.', '_').map((mark) => [first, ...more].join(mark)))
    .filter((name) => name.replaceAll(/\D/g, '').length <= 8);
  /** What a machine makes: identifiers, and bytes as it writes them. */
  const machineMade = fc.oneof(
    fc.uuid(),
    fc
      .tuple(fc.string(), fc.constantFrom('hex', 'base64url'), fc.integer({ min: 20, max: 40 }), fc.boolean())
      .map(([seed, encoding, length, isNamed]) => {
        const text = createHash('sha256')
          .update(seed)
          .digest(encoding as 'hex')
          .slice(0, length);
        return isNamed ? `backend-${text}` : text;
      }),
  );

  it('leaves the name of a secret where half of a login could stand, with numbers too, and no such half', () => {
    fc.assert(
      fc.property(objectName, machineMade, (name, secret) => {
        expect(redactDeep({ secretId: name, args: ['--secret-id', name] })).toEqual({
          secretId: name,
          args: ['--secret-id', name],
        });
        expect(redactDeep({ secretId: secret, args: ['--secret-id', secret] })).toEqual({
          secretId: REDACTED,
          args: ['--secret-id', REDACTED],
        });
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['db-2024', 'db-2024-01-31', 'pg15-login-v2', 'team.app3.approle', 'db_password_2024'])(
    'leaves the name %s of a secret, but not where a password stands',
    (name) => {
      expect(redactDeep({ secretId: name })).toEqual({ secretId: name });
      expect(redactDeep({ password: name })).toEqual({ password: REDACTED });
    },
  );

  it.each([
    'w0nder-land',
    'wonder-l4nd',
    'Wonder-2024',
    'db-12345',
    'a-1-2-3',
    'db-1234-5678-9012',
    'wonder2024',
  ])('replaces %s where half of a login stands, which is more than a name', (secret) => {
    expect(redactDeep({ secretId: secret })).toEqual({ secretId: REDACTED });
  });

  it.each([
    { secretId: 'ocid1.vaultsecret.oc1.iad.amaaaaaa7x9q2' },
    { secretId: 'projects/1234/secrets/db/versions/7' },
    { secretName: PLANTED },
    { secretRef: { name: PLANTED, key: PLANTED } },
    { secretKeyRef: { name: PLANTED, key: 'secretId' } },
    { bwSecretId: '7f1a2b3c-0d4e-4f5a-8b6c-9d0e1f2a3b4c' },
    { secretIdRef: PLANTED },
    { roleId: PLANTED },
  ])('leaves what says where a secret is: %j', (value) => {
    expect(redactDeep(value)).toEqual(value);
  });
});
