import { describe, expect, it } from 'vitest';
import { configurationFaults, configurationJsonSchema, configurationSchema } from './schema.ts';

const COMPLETE = {
  version: 1,
  profile: 'strict',
  failOn: 'medium',
  minSeverity: 'low',
  kubernetesVersion: '1.34',
  frameworks: ['pss-restricted'],
  ignore: ['vendor/'],
  controls: {
    'host-pid': 'off',
    'host-ipc': 'critical',
    'replicas-too-few': {
      enabled: true,
      severity: 'low',
      params: { minimum: 3 },
      not: { namespace: 'dev-*' },
    },
  },
  custom: [
    { id: 'team-label', control: 'required-label', title: 'Say who owns it', params: { key: 'team' } },
  ],
  exceptions: {
    annotations: 'request',
    otherTools: 'ignore',
    accepted: [
      {
        control: ['host-pid'],
        namespace: 'platform',
        labels: { app: 'agent' },
        reason: 'It reads all processes.',
        owner: 'platform',
        until: '2027-01-31',
        approvedBy: 'security',
      },
    ],
  },
};

describe('the schema of the configuration', () => {
  it('accepts everything there is, and nothing at all', () => {
    expect(configurationFaults(COMPLETE)).toEqual([]);
    expect(configurationFaults({})).toEqual([]);
    expect(configurationSchema.parse(COMPLETE)).toEqual(COMPLETE);
  });

  it.each([
    [{ profil: 'default' }, 'profil', /^unknown key$/, 'profil'],
    [{ profile: 'strickt' }, 'profile', /^must be default, strict or all$/, 'strickt'],
    [{ controls: { 'host-pid': 'hi' } }, 'controls.host-pid', /^must be/, 'hi'],
    [{ controls: { 'host-pid': { severty: 'low' } } }, 'controls.host-pid.severty', /unknown key/, 'severty'],
    [
      { controls: { 'host-pid': { severity: 'lo' } } },
      'controls.host-pid.severity',
      /^must be critical/,
      'lo',
    ],
    [{ controls: { 'host-pid': 3 } }, 'controls.host-pid', /^must be/, undefined],
    [{ custom: [{ control: 'x' }] }, 'custom.0.id', /^is missing$/, undefined],
    [{ custom: [{ id: 'Team Label', control: 'x' }] }, 'custom.0.id', /a slug/, undefined],
    [
      { exceptions: { accepted: [{ control: 'x' }] } },
      'exceptions.accepted.0.reason',
      /^is missing$/,
      undefined,
    ],
    [
      { exceptions: { accepted: [{ reason: ' ' }] } },
      'exceptions.accepted.0.reason',
      /not be empty/,
      undefined,
    ],
    [{ controls: { 'host-pid': 'offf' } }, 'controls.host-pid', /^must be off, .* or a mapping$/, 'offf'],
    [{ controls: { 'host-pid': ['off'] } }, 'controls.host-pid', /^must be/, undefined],
    [{ controls: { 'host-pid': { not: {} } } }, 'controls.host-pid.not', /^must say where$/, undefined],
    [{ version: '1' }, 'version', /^must be 1$/, undefined],
    [
      JSON.parse('{"controls": {"__proto__": "off"}}'),
      'controls.__proto__',
      /^must not be a key$/,
      undefined,
    ],
    [
      { exceptions: { accepted: [{ reason: 'x', until: '2027-02-30' }] } },
      'exceptions.accepted.0.until',
      /^must be a day that exists/,
      undefined,
    ],
    [
      { exceptions: { accepted: [{ reason: 'x', owners: 'y' }] } },
      'exceptions.accepted.0.owners',
      /unknown/,
      'owners',
    ],
    [
      { exceptions: { annotations: 'yes' } },
      'exceptions.annotations',
      /^must be accept, request or ignore$/,
      'yes',
    ],
    [[], '', /^must be a mapping$/, undefined],
  ])('says what is wrong with %j', (value, path, message, unknown) => {
    const faults = configurationFaults(value);

    expect(faults).toHaveLength(1);
    expect(faults[0]?.path.join('.')).toBe(path);
    expect(faults[0]?.message).toMatch(message);
    expect(faults[0]?.unknown?.text).toBe(unknown);
  });

  it('knows the keys that could have been meant', () => {
    const [fault] = configurationFaults({ exceptions: { accepted: [{ reason: 'x', owners: 'y' }] } });

    expect(fault?.unknown?.known).toContain('owner');
  });

  it('says everything that is wrong at once', () => {
    expect(configurationFaults({ a: 1, b: 2, profile: 3, exceptions: { accepted: [{}] } })).toHaveLength(4);
  });

  it('is published with a description of every key', () => {
    const described = JSON.stringify(configurationJsonSchema());

    expect(described).toContain('"additionalProperties":false');
    expect(configurationJsonSchema()).toMatchObject({ title: 'Bulwark configuration, version 1' });
  });
});
