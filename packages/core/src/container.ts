import type { JsonObject } from './json.ts';
import type { Path } from './path.ts';

/** How a container takes part in its pod. A sidecar is an init container with `restartPolicy: Always`. */
export type ContainerType = 'init' | 'sidecar' | 'regular' | 'ephemeral';

/** One container of a pod template. */
export interface Container {
  /** Its name, or `#` and its index where it has none. */
  readonly name: string;
  readonly type: ContainerType;
  readonly spec: JsonObject;
  /** Path from the object's root. */
  readonly path: Path;
}

/** A pod template wherever it stands: `spec` and `metadata` of the pods it makes, with all their containers. */
export interface Workload {
  /** Path of the template from the object's root: `[]` for a Pod, `['spec', 'template']` for a Deployment. */
  readonly path: Path;
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
  readonly specPath: Path;
  readonly containers: readonly Container[];
  /** Fields that must be lists or objects and are not, so that nothing below them was judged. */
  readonly malformed: readonly Path[];
}

/** A container of a pod template; an init container that restarts always is a sidecar (KEP-753). */
export function toContainer(spec: JsonObject, type: ContainerType, path: Path): Container {
  const name =
    typeof spec['name'] === 'string' && spec['name'] !== '' ? spec['name'] : `#${String(path.at(-1))}`;
  const isSidecar = type === 'init' && spec['restartPolicy'] === 'Always';
  return { name, type: isSidecar ? 'sidecar' : type, spec, path };
}
