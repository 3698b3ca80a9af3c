import { describe, expect, it } from 'vitest';
import { isForbidden, lookUp } from './destination.ts';

describe('an address', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '100.100.100.200',
    'fe80::1',
    'fe80::1%eth0',
    '[fe80::1]',
    'febf::1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '64:ff9b::169.254.169.254',
    'fd00:ec2::254',
  ])('of one machine is forbidden: %s', (address) => {
    expect(isForbidden(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '::1',
    '10.0.0.1',
    '192.168.1.1',
    '169.253.1.1',
    '169.255.0.1',
    '::ffff:10.0.0.1',
    'fec0::1',
    'fd00::1',
    '2001:db8::1',
    'example.com',
  ])('of a network, a name and this machine are not: %s', (address) => {
    expect(isForbidden(address)).toBe(false);
  });
});

/** What a name is resolved to for a connection. */
function resolved(name: string, options: Parameters<typeof lookUp>[1]): Promise<unknown> {
  return new Promise((resolve) => {
    lookUp(name, options, (error, address, family) => resolve(error?.name ?? { address, family }));
  });
}

describe('a name', () => {
  // Not addresses to Node, and so resolved, by the system: a number is an address in short (inet_aton(3)).
  const METADATA = String(0xa9_fe_a9_fe);
  const LOOPBACK = String(0x7f_00_00_01);

  it.each([true, false])(
    'that leads to a forbidden address is refused, where all are asked for: %s',
    async (all) => {
      expect(await resolved(METADATA, { all })).toBe('ForbiddenDestination');
    },
  );

  it('that leads elsewhere is resolved as it is asked for', async () => {
    const found = { address: '127.0.0.1', family: 4 };

    expect(await resolved(LOOPBACK, { all: true })).toEqual({ address: [found], family: undefined });
    expect(await resolved(LOOPBACK, {})).toEqual(found);
  });

  it('that is unknown is said to be', async () => {
    expect(await resolved('nobody.invalid', {})).toBe('Error');
  });
});
