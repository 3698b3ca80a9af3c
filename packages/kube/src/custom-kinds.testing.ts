import type { JsonObject } from '@bulwark/core';

/** A custom kind as its project defines it. */
export interface CustomKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
}

/**
 * The custom kinds that are watched, as their projects define them: `plural Kind`, with `*` where the scope is the
 * cluster. Written down a second time on purpose, and never made from the list that is shipped: a slip in one of the two is
 * then seen. A kind that has several versions is in one of them.
 */
const DEFINED: Readonly<Record<string, string>> = {
  'gateway.networking.k8s.io/v1':
    'gatewayclasses GatewayClass*, gateways Gateway, listenersets ListenerSet, httproutes HTTPRoute, ' +
    'grpcroutes GRPCRoute, tlsroutes TLSRoute, backendtlspolicies BackendTLSPolicy',
  'gateway.networking.k8s.io/v1alpha2': 'tcproutes TCPRoute, udproutes UDPRoute',
  'gateway.networking.k8s.io/v1beta1': 'referencegrants ReferenceGrant',
  'policy.networking.k8s.io/v1alpha2': 'clusternetworkpolicies ClusterNetworkPolicy*',
  'policy.networking.k8s.io/v1alpha1':
    'adminnetworkpolicies AdminNetworkPolicy*, baselineadminnetworkpolicies BaselineAdminNetworkPolicy*',
  'cilium.io/v2':
    'ciliumnetworkpolicies CiliumNetworkPolicy, ciliumclusterwidenetworkpolicies CiliumClusterwideNetworkPolicy*, ' +
    'ciliumcidrgroups CiliumCIDRGroup*, ciliumegressgatewaypolicies CiliumEgressGatewayPolicy*, ' +
    'ciliumlocalredirectpolicies CiliumLocalRedirectPolicy, ciliumenvoyconfigs CiliumEnvoyConfig, ' +
    'ciliumclusterwideenvoyconfigs CiliumClusterwideEnvoyConfig*',
  'projectcalico.org/v3':
    'networkpolicies NetworkPolicy, globalnetworkpolicies GlobalNetworkPolicy*, networksets NetworkSet, ' +
    'globalnetworksets GlobalNetworkSet*, hostendpoints HostEndpoint*, tiers Tier*, ' +
    'felixconfigurations FelixConfiguration*, ippools IPPool*',
  'crd.projectcalico.org/v1':
    'networkpolicies NetworkPolicy, globalnetworkpolicies GlobalNetworkPolicy*, networksets NetworkSet, ' +
    'globalnetworksets GlobalNetworkSet*, hostendpoints HostEndpoint*, tiers Tier*, ' +
    'felixconfigurations FelixConfiguration*, ippools IPPool*',
  'security.istio.io/v1':
    'authorizationpolicies AuthorizationPolicy, peerauthentications PeerAuthentication, ' +
    'requestauthentications RequestAuthentication',
  'networking.istio.io/v1':
    'gateways Gateway, virtualservices VirtualService, destinationrules DestinationRule, ' +
    'serviceentries ServiceEntry, sidecars Sidecar, workloadentries WorkloadEntry',
  'networking.istio.io/v1alpha3': 'envoyfilters EnvoyFilter',
  'extensions.istio.io/v1alpha1': 'wasmplugins WasmPlugin',
  'policy.linkerd.io/v1beta3': 'servers Server',
  'policy.linkerd.io/v1beta1': 'serverauthorizations ServerAuthorization',
  'policy.linkerd.io/v1alpha1':
    'authorizationpolicies AuthorizationPolicy, meshtlsauthentications MeshTLSAuthentication, ' +
    'networkauthentications NetworkAuthentication',
  'argoproj.io/v1alpha1':
    'rollouts Rollout, workflows Workflow, workflowtemplates WorkflowTemplate, ' +
    'clusterworkflowtemplates ClusterWorkflowTemplate*, cronworkflows CronWorkflow, applications Application, ' +
    'applicationsets ApplicationSet, appprojects AppProject',
  'serving.knative.dev/v1':
    'services Service, configurations Configuration, revisions Revision, routes Route',
  'tekton.dev/v1': 'tasks Task, pipelines Pipeline, taskruns TaskRun, pipelineruns PipelineRun',
  'tekton.dev/v1beta1': 'clustertasks ClusterTask*, customruns CustomRun',
  'triggers.tekton.dev/v1beta1': 'eventlisteners EventListener',
  'apps.openshift.io/v1': 'deploymentconfigs DeploymentConfig',
  'build.openshift.io/v1': 'buildconfigs BuildConfig',
  'route.openshift.io/v1': 'routes Route',
  'security.openshift.io/v1': 'securitycontextconstraints SecurityContextConstraints*',
  'apps.kruise.io/v1alpha1': 'clonesets CloneSet, daemonsets DaemonSet, sidecarsets SidecarSet*',
  'apps.kruise.io/v1beta1': 'statefulsets StatefulSet',
  'ray.io/v1': 'rayclusters RayCluster, rayjobs RayJob, rayservices RayService',
  'sparkoperator.k8s.io/v1beta2':
    'sparkapplications SparkApplication, scheduledsparkapplications ScheduledSparkApplication',
  'keda.sh/v1alpha1': 'scaledjobs ScaledJob, scaledobjects ScaledObject',
  'autoscaling.k8s.io/v1': 'verticalpodautoscalers VerticalPodAutoscaler',
  'kyverno.io/v1': 'clusterpolicies ClusterPolicy*, policies Policy',
  'kyverno.io/v2': 'policyexceptions PolicyException',
  'templates.gatekeeper.sh/v1': 'constrainttemplates ConstraintTemplate*',
  'constraints.gatekeeper.sh/v1beta1': 'k8sallowedrepos K8sAllowedRepos*',
  'agents.x-k8s.io/v1alpha1': 'sandboxes Sandbox',
  'extensions.agents.x-k8s.io/v1alpha1': 'sandboxtemplates SandboxTemplate',
  'wgpolicyk8s.io/v1alpha2': 'policyreports PolicyReport, clusterpolicyreports ClusterPolicyReport*',
  'openreports.io/v1alpha1': 'reports Report, clusterreports ClusterReport*',
  'source.toolkit.fluxcd.io/v1':
    'gitrepositories GitRepository, ocirepositories OCIRepository, helmrepositories HelmRepository, buckets Bucket',
  'helm.toolkit.fluxcd.io/v2': 'helmreleases HelmRelease',
  'kustomize.toolkit.fluxcd.io/v1': 'kustomizations Kustomization',
  'helm.cattle.io/v1': 'helmcharts HelmChart, helmchartconfigs HelmChartConfig',
  'helm.crossplane.io/v1beta1': 'releases Release*',
  'operators.coreos.com/v1alpha1': 'clusterserviceversions ClusterServiceVersion',
  'monitoring.coreos.com/v1':
    'servicemonitors ServiceMonitor, podmonitors PodMonitor, prometheuses Prometheus, alertmanagers Alertmanager',
  'cert-manager.io/v1': 'certificates Certificate, issuers Issuer, clusterissuers ClusterIssuer*',
  'external-secrets.io/v1':
    'externalsecrets ExternalSecret, clusterexternalsecrets ClusterExternalSecret*, ' +
    'secretstores SecretStore, clustersecretstores ClusterSecretStore*',
  'secrets-store.csi.x-k8s.io/v1': 'secretproviderclasses SecretProviderClass',
  'secrets.hashicorp.com/v1beta1':
    'vaultstaticsecrets VaultStaticSecret, vaultdynamicsecrets VaultDynamicSecret, vaultpkisecrets VaultPKISecret',
  'bitnami.com/v1alpha1': 'sealedsecrets SealedSecret',
  'isindir.github.com/v1alpha3': 'sopssecrets SopsSecret',
  'onepassword.com/v1': 'onepassworditems OnePasswordItem',
};

/** Every row of the table. */
export const CUSTOM_KINDS: readonly CustomKind[] = Object.entries(DEFINED).flatMap(([apiVersion, rows]) => {
  const [group = '', version = ''] = apiVersion.split('/');
  return rows.split(', ').map((row): CustomKind => {
    const [plural = '', kind = ''] = row.split(' ');
    const scope = kind.endsWith('*') ? 'Cluster' : 'Namespaced';
    return { group, version, kind: kind.replace('*', ''), plural, scope };
  });
});

/** The definition of a kind, which allows everything and shows no pod template: it is watched by its name alone. */
export function definitionOf({ group, version, kind, plural, scope }: CustomKind): JsonObject {
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      // The groups of Kubernetes itself are refused without it.
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test' },
    },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

/** An object of a kind. */
export function objectOf({ group, version, kind, scope }: CustomKind): JsonObject {
  const metadata = { name: 'only', ...(scope === 'Namespaced' ? { namespace: 'default' } : {}) };
  return { apiVersion: `${group}/${version}`, kind, metadata };
}
