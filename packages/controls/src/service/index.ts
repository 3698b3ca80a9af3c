import { loadBalancerTls } from './load-balancer-tls.ts';
import { serviceDangling } from './service-dangling.ts';
import { serviceExternalIps } from './service-external-ips.ts';
import { serviceExternalNameLocal } from './service-external-name-local.ts';
import { serviceLoadBalancer } from './service-load-balancer.ts';
import { serviceNodePort } from './service-node-port.ts';
import { servicePortRange } from './service-port-range.ts';
import { serviceSelectorDuplicate } from './service-selector-duplicate.ts';
import { serviceTargetPortInvalid } from './service-target-port-invalid.ts';
import { serviceTargetPortMissing } from './service-target-port-missing.ts';

/** The controls of this domain, by id. */
export const SERVICE_CONTROLS = [
  loadBalancerTls,
  serviceDangling,
  serviceExternalIps,
  serviceExternalNameLocal,
  serviceLoadBalancer,
  serviceNodePort,
  servicePortRange,
  serviceSelectorDuplicate,
  serviceTargetPortInvalid,
  serviceTargetPortMissing,
] as const;
