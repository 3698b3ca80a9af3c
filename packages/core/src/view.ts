import type { Container, Workload } from './container.ts';
import type { ContainerView, Control, Facts, Violation } from './control.ts';
import type { GroupKind } from './group-kind.ts';
import { type Json, stringAt } from './json.ts';
import type { KubernetesVersion } from './kubernetes-version.ts';
import { type Path, type PathLike, toPath } from './path.ts';
import type { Resource } from './resource.ts';
import { type InheritedSetting, type Setting, settingOf } from './workload.ts';
import type { Analysis, Labels, Read, WorldView } from './world.ts';

/** A control read something that it does not declare: a fault in the control, reported as an error verdict. */
export class UndeclaredReadError extends Error {}

const NO_FACTS: Facts = {};
const ROOT: Path = [];

function join(base: Path, path: PathLike): Path {
  return base.length === 0 ? toPath(path) : base.concat(toPath(path));
}

/**
 * The view that controls get. One instance serves a whole run and is moved from subject to subject, which is safe
 * because a control's violations are consumed before the next subject.
 */
export class SubjectView implements ContainerView {
  readonly kubernetes: KubernetesVersion;
  private current: Resource | undefined;
  private currentWorkload: Workload | undefined;
  private currentContainer: Container | undefined;
  private currentWorld: WorldView = FORBIDDEN;
  private currentParams: Readonly<Record<string, Json>> = {};
  private base: Path = ROOT;

  constructor(kubernetes: KubernetesVersion) {
    this.kubernetes = kubernetes;
  }

  /** Moves the view to a resource, a pod template of it, or a container. */
  moveTo(resource: Resource, workload?: Workload, container?: Container): void {
    this.current = resource;
    this.currentWorkload = workload;
    this.currentContainer = container;
    this.base = container?.path ?? workload?.specPath ?? ROOT;
  }

  /** Gives the view the World that the next control may read, and the values of its parameters. */
  lend(world: WorldView, params: Readonly<Record<string, Json>>): void {
    this.currentWorld = world;
    this.currentParams = params;
  }

  get params(): Readonly<Record<string, Json>> {
    return this.currentParams;
  }

  get resource(): Resource {
    return present(this.current, 'resource');
  }

  get workload(): Workload {
    return present(this.currentWorkload, 'workload');
  }

  get spec(): Workload['spec'] {
    return this.workload.spec;
  }

  get container(): Container {
    return present(this.currentContainer, 'container');
  }

  get world(): WorldView {
    return this.currentWorld;
  }

  get isWindows(): boolean {
    return stringAt(this.workload.spec, 'os', 'name') === 'windows';
  }

  readonly at = (path: PathLike, facts: Facts = NO_FACTS): Violation => ({
    path: join(this.base, path),
    facts,
  });

  readonly atMetadata = (path: PathLike, facts: Facts = NO_FACTS): Violation => ({
    path: join([...this.workload.path, 'metadata'], path),
    facts,
  });

  readonly setting = (name: InheritedSetting): Setting => settingOf(this.workload, this.container, name);

  readonly atSetting = (setting: Setting, facts: Facts = NO_FACTS): Violation => ({
    path: setting.path,
    facts,
  });
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new UndeclaredReadError(`the control has no ${what}: see its appliesTo`);
  return value;
}

function forbid(): never {
  throw new UndeclaredReadError('the control looks only at its object, yet asks for the World');
}

/** What a control that looks only at its object gets for a World. */
export const FORBIDDEN: WorldView = {
  list: forbid,
  inNamespace: forbid,
  find: forbid,
  namespaceLabels: forbid,
  namespaces: forbid,
  get: forbid,
};

/** A World limited to what a control declares, and to its subject's namespace where it looks no further. */
export class LimitedWorld implements WorldView {
  private readonly world: WorldView;
  private readonly control: Pick<Control, 'id' | 'looks' | 'reads'>;
  private readonly declared: ReadonlySet<string>;
  /** The namespace of the present subject. */
  namespace = '';

  constructor(world: WorldView, control: Pick<Control, 'id' | 'looks' | 'reads'>) {
    this.world = world;
    this.control = control;
    this.declared = new Set(control.reads.map(nameOf));
  }

  list(kind: GroupKind): readonly Resource[] {
    this.check(kind, undefined);
    return this.world.list(kind);
  }

  inNamespace(kind: GroupKind, namespace: string): readonly Resource[] {
    this.check(kind, namespace);
    return this.world.inNamespace(kind, namespace);
  }

  find(kind: GroupKind, namespace: string, name: string): Resource | undefined {
    this.check(kind, namespace);
    return this.world.find(kind, namespace, name);
  }

  namespaceLabels(name: string): Labels {
    this.check('Namespace', name);
    return this.world.namespaceLabels(name);
  }

  namespaces(): readonly string[] {
    this.check('Namespace', undefined);
    return this.world.namespaces();
  }

  get<T>(analysis: Analysis<T>): T {
    this.check(analysis, undefined);
    return this.world.get(analysis);
  }

  /** `namespace` is undefined for a question about all namespaces, empty for cluster-scoped kinds. */
  private check(read: Read, namespace: string | undefined): void {
    const { id, looks } = this.control;
    if (!this.declared.has(nameOf(read)))
      throw new UndeclaredReadError(
        `${id} reads ${typeof read === 'string' ? read : read.id} without declaring it`,
      );
    if (looks === 'namespace' && namespace !== this.namespace && namespace !== '')
      throw new UndeclaredReadError(`${id} looks at its own namespace, yet asks beyond it`);
  }
}

/** Kinds and analyses have names of their own kind, so that neither is taken for the other. */
function nameOf(read: Read): string {
  return typeof read === 'string' ? read : `analysis ${read.id}`;
}
