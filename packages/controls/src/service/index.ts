import { exposedSensitiveInterface } from './exposed-sensitive-interface.ts';
import { gatewayBackendNotGranted } from './gateway-backend-not-granted.ts';
import { gatewayBackendPortMissing } from './gateway-backend-port-missing.ts';
import { gatewayDanglingBackend } from './gateway-dangling-backend.ts';
import { gatewayListenerInsecure } from './gateway-listener-insecure.ts';
import { gatewayReferenceGrantWide } from './gateway-reference-grant-wide.ts';
import { gatewayRoutesFromAnyNamespace } from './gateway-routes-from-any-namespace.ts';
import { ingressAnnotationDenied } from './ingress-annotation-denied.ts';
import { ingressClassNotAllowed } from './ingress-class-not-allowed.ts';
import { ingressDangling } from './ingress-dangling.ts';
import { ingressDefaultBackend } from './ingress-default-backend.ts';
import { ingressDuplicatePath } from './ingress-duplicate-path.ts';
import { ingressNginxSnippet } from './ingress-nginx-snippet.ts';
import { ingressNoTls } from './ingress-no-tls.ts';
import { ingressPathDenied } from './ingress-path-denied.ts';
import { ingressPortMissing } from './ingress-port-missing.ts';
import { ingressTlsHostMismatch } from './ingress-tls-host-mismatch.ts';
import { ingressTlsRedirectDisabled } from './ingress-tls-redirect-disabled.ts';
import { ingressWildcardOrEmptyHost } from './ingress-wildcard-or-empty-host.ts';
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
  exposedSensitiveInterface,
  gatewayBackendNotGranted,
  gatewayBackendPortMissing,
  gatewayDanglingBackend,
  gatewayListenerInsecure,
  gatewayReferenceGrantWide,
  gatewayRoutesFromAnyNamespace,
  ingressAnnotationDenied,
  ingressClassNotAllowed,
  ingressDangling,
  ingressDefaultBackend,
  ingressDuplicatePath,
  ingressNginxSnippet,
  ingressNoTls,
  ingressPathDenied,
  ingressPortMissing,
  ingressTlsHostMismatch,
  ingressTlsRedirectDisabled,
  ingressWildcardOrEmptyHost,
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
