import { kindsOfGroup, type WatchedKind } from './watched-kind.ts';

const TEMPLATE = 'A pod template.';
const SOURCE = 'Where what is deployed comes from, and whether it is checked.';
const REFERENCE = 'Which secrets are taken from where.';

/** Kinds of other projects: workloads, policies, delivery and secrets. */
export const ECOSYSTEM_KINDS: readonly WatchedKind[] = [
  ...kindsOfGroup('Argo', 'argoproj.io', [
    ['Rollout', 'rollouts', 'namespaced', TEMPLATE],
    ['Workflow', 'workflows', 'namespaced', 'Containers that run one after another.'],
    ['WorkflowTemplate', 'workflowtemplates', 'namespaced', 'Containers that workflows run.'],
    ['ClusterWorkflowTemplate', 'clusterworkflowtemplates', 'cluster', 'Containers that workflows run.'],
    ['CronWorkflow', 'cronworkflows', 'namespaced', 'Containers that run by the clock.'],
    ['Application', 'applications', 'namespaced', SOURCE],
    ['ApplicationSet', 'applicationsets', 'namespaced', SOURCE],
    ['AppProject', 'appprojects', 'namespaced', 'What may be deployed from where to where.'],
  ]),
  ...kindsOfGroup('Knative', 'serving.knative.dev', [
    ['Service', 'services', 'namespaced', TEMPLATE],
    ['Configuration', 'configurations', 'namespaced', TEMPLATE],
    ['Revision', 'revisions', 'namespaced', 'The link between pods and their Service; a pod template.'],
    ['Route', 'routes', 'namespaced', 'What is reachable.'],
  ]),
  ...kindsOfGroup('Tekton', 'tekton.dev', [
    ['Task', 'tasks', 'namespaced', 'Containers that a pipeline runs.'],
    ['ClusterTask', 'clustertasks', 'cluster', 'Containers that a pipeline runs.'],
    ['Pipeline', 'pipelines', 'namespaced', 'Containers that a pipeline runs.'],
    ['TaskRun', 'taskruns', 'namespaced', 'Containers that a pipeline runs.'],
    ['PipelineRun', 'pipelineruns', 'namespaced', 'Containers that a pipeline runs.'],
    ['CustomRun', 'customruns', 'namespaced', 'What a pipeline runs elsewhere.'],
  ]),
  ...kindsOfGroup('Tekton', 'triggers.tekton.dev', [
    ['EventListener', 'eventlisteners', 'namespaced', 'What starts a pipeline from outside; a pod template.'],
  ]),
  ...kindsOfGroup('OpenShift', 'apps.openshift.io', [
    ['DeploymentConfig', 'deploymentconfigs', 'namespaced', TEMPLATE],
  ]),
  ...kindsOfGroup('OpenShift', 'build.openshift.io', [
    ['BuildConfig', 'buildconfigs', 'namespaced', 'How images are built, and with which secrets.'],
  ]),
  ...kindsOfGroup('OpenShift', 'route.openshift.io', [
    ['Route', 'routes', 'namespaced', 'What is reachable from outside.'],
  ]),
  ...kindsOfGroup('OpenShift', 'security.openshift.io', [
    [
      'SecurityContextConstraints',
      'securitycontextconstraints',
      'cluster',
      'What pods may do, and who may use that.',
    ],
  ]),
  ...kindsOfGroup('OpenKruise', 'apps.kruise.io', [
    ['CloneSet', 'clonesets', 'namespaced', TEMPLATE],
    ['StatefulSet', 'statefulsets', 'namespaced', TEMPLATE],
    ['DaemonSet', 'daemonsets', 'namespaced', TEMPLATE],
    ['SidecarSet', 'sidecarsets', 'cluster', 'Containers that are added to pods.'],
  ]),
  ...kindsOfGroup('Ray', 'ray.io', [
    ['RayCluster', 'rayclusters', 'namespaced', TEMPLATE],
    ['RayJob', 'rayjobs', 'namespaced', TEMPLATE],
    ['RayService', 'rayservices', 'namespaced', TEMPLATE],
  ]),
  ...kindsOfGroup('Spark', 'sparkoperator.k8s.io', [
    ['SparkApplication', 'sparkapplications', 'namespaced', 'Containers of drivers and executors.'],
    [
      'ScheduledSparkApplication',
      'scheduledsparkapplications',
      'namespaced',
      'Containers of drivers and executors.',
    ],
  ]),
  ...kindsOfGroup('KEDA', 'keda.sh', [
    ['ScaledJob', 'scaledjobs', 'namespaced', TEMPLATE],
    ['ScaledObject', 'scaledobjects', 'namespaced', 'How many pods a workload may have.'],
  ]),
  ...kindsOfGroup('Autoscaler', 'autoscaling.k8s.io', [
    [
      'VerticalPodAutoscaler',
      'verticalpodautoscalers',
      'namespaced',
      'Who changes the resources of a workload.',
    ],
  ]),
  ...kindsOfGroup('Kyverno', 'kyverno.io', [
    ['ClusterPolicy', 'clusterpolicies', 'cluster', 'Rules that refuse, change or make objects.'],
    ['Policy', 'policies', 'namespaced', 'Rules that refuse, change or make objects.'],
    ['PolicyException', 'policyexceptions', 'namespaced', 'What rules do not apply to.'],
  ]),
  ...kindsOfGroup('Gatekeeper', 'templates.gatekeeper.sh', [
    ['ConstraintTemplate', 'constrainttemplates', 'cluster', 'Rules that refuse objects.'],
  ]),
  ...kindsOfGroup('Gatekeeper', 'constraints.gatekeeper.sh', [
    ['K8sAllowedRepos', 'k8sallowedrepos', 'cluster', 'From which registries images may come.'],
  ]),
  ...kindsOfGroup('Agent Sandbox', 'agents.x-k8s.io', [['Sandbox', 'sandboxes', 'namespaced', TEMPLATE]]),
  ...kindsOfGroup('Agent Sandbox', 'extensions.agents.x-k8s.io', [
    ['SandboxTemplate', 'sandboxtemplates', 'namespaced', TEMPLATE],
  ]),
  ...kindsOfGroup('Policy reports', 'wgpolicyk8s.io', [
    ['PolicyReport', 'policyreports', 'namespaced', 'What other tools found.'],
    ['ClusterPolicyReport', 'clusterpolicyreports', 'cluster', 'What other tools found.'],
  ]),
  ...kindsOfGroup('Policy reports', 'openreports.io', [
    ['Report', 'reports', 'namespaced', 'What other tools found.'],
    ['ClusterReport', 'clusterreports', 'cluster', 'What other tools found.'],
  ]),
  ...kindsOfGroup('Flux', 'source.toolkit.fluxcd.io', [
    ['GitRepository', 'gitrepositories', 'namespaced', SOURCE],
    ['OCIRepository', 'ocirepositories', 'namespaced', SOURCE],
    ['HelmRepository', 'helmrepositories', 'namespaced', SOURCE],
    ['Bucket', 'buckets', 'namespaced', SOURCE],
  ]),
  ...kindsOfGroup('Flux', 'helm.toolkit.fluxcd.io', [['HelmRelease', 'helmreleases', 'namespaced', SOURCE]]),
  ...kindsOfGroup('Flux', 'kustomize.toolkit.fluxcd.io', [
    ['Kustomization', 'kustomizations', 'namespaced', SOURCE],
  ]),
  ...kindsOfGroup('K3s', 'helm.cattle.io', [
    ['HelmChart', 'helmcharts', 'namespaced', SOURCE],
    ['HelmChartConfig', 'helmchartconfigs', 'namespaced', SOURCE],
  ]),
  ...kindsOfGroup('Crossplane', 'helm.crossplane.io', [['Release', 'releases', 'cluster', SOURCE]]),
  ...kindsOfGroup('Operator Lifecycle Manager', 'operators.coreos.com', [
    ['ClusterServiceVersion', 'clusterserviceversions', 'namespaced', 'What an operator runs and may do.'],
  ]).map((kind) => ({ ...kind, pageSize: 50 })),
  ...kindsOfGroup('Prometheus', 'monitoring.coreos.com', [
    [
      'ServiceMonitor',
      'servicemonitors',
      'namespaced',
      'Which endpoints are read, and with which credentials.',
    ],
    ['PodMonitor', 'podmonitors', 'namespaced', 'Which endpoints are read, and with which credentials.'],
    ['Prometheus', 'prometheuses', 'namespaced', 'Containers that are added to its pods.'],
    ['Alertmanager', 'alertmanagers', 'namespaced', 'Containers that are added to its pods.'],
  ]),
  ...kindsOfGroup('cert-manager', 'cert-manager.io', [
    ['Certificate', 'certificates', 'namespaced', 'Which certificates there are, and when they end.'],
    ['Issuer', 'issuers', 'namespaced', 'Who issues certificates.'],
    ['ClusterIssuer', 'clusterissuers', 'cluster', 'Who issues certificates.'],
  ]),
  ...kindsOfGroup('External Secrets', 'external-secrets.io', [
    ['ExternalSecret', 'externalsecrets', 'namespaced', REFERENCE],
    ['ClusterExternalSecret', 'clusterexternalsecrets', 'cluster', REFERENCE],
    ['SecretStore', 'secretstores', 'namespaced', REFERENCE],
    ['ClusterSecretStore', 'clustersecretstores', 'cluster', REFERENCE],
  ]),
  ...kindsOfGroup('Secrets Store CSI driver', 'secrets-store.csi.x-k8s.io', [
    ['SecretProviderClass', 'secretproviderclasses', 'namespaced', REFERENCE],
  ]),
  ...kindsOfGroup('Vault', 'secrets.hashicorp.com', [
    ['VaultStaticSecret', 'vaultstaticsecrets', 'namespaced', REFERENCE],
    ['VaultDynamicSecret', 'vaultdynamicsecrets', 'namespaced', REFERENCE],
    ['VaultPKISecret', 'vaultpkisecrets', 'namespaced', REFERENCE],
  ]),
  ...kindsOfGroup('Sealed Secrets', 'bitnami.com', [
    ['SealedSecret', 'sealedsecrets', 'namespaced', REFERENCE],
  ]),
  ...kindsOfGroup('SOPS', 'isindir.github.com', [['SopsSecret', 'sopssecrets', 'namespaced', REFERENCE]]),
  ...kindsOfGroup('1Password', 'onepassword.com', [
    ['OnePasswordItem', 'onepassworditems', 'namespaced', REFERENCE],
  ]),
];
