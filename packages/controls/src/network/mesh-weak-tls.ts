import { arrayAt, defineControl, kinds, mayBreak, setValue, stringAt } from '@bulwark/core';

const WEAK: Readonly<Record<string, string>> = { TLSV1_0: '1.0', TLSV1_1: '1.1' };

export const meshWeakTls = defineControl({
  id: 'mesh-weak-tls',
  aliases: [],
  title: 'Istio gateways must not accept TLS versions below 1.2',
  problem: 'accept TLS versions below 1.2',
  message: '{resource} accepts TLS {version}.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'TLS 1.0 and 1.1 are withdrawn: they rest on SHA-1 and on ciphers with known attacks. Whoever is on the path can push a client down to them if the gateway takes them.',
  remediation: 'Remove minProtocolVersion, which leaves 1.2, or set it to TLSV1_2 or TLSV1_3.',
  references: [
    'https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings',
    'https://www.rfc-editor.org/rfc/rfc8996',
  ],
  attack: ['T1557'],
  fix: setValue('TLSV1_2', mayBreak('Clients that know no TLS newer than 1.1 can no longer connect.')),
  appliesTo: kinds('networking.istio.io/Gateway'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const [index, server] of (arrayAt(resource.object, 'spec', 'servers') ?? []).entries()) {
      const version = WEAK[stringAt(server, 'tls', 'minProtocolVersion') ?? ''];
      if (version !== undefined)
        yield at(['spec', 'servers', index, 'tls', 'minProtocolVersion'], { version });
    }
  },
});
