import { err, ok, type Result } from './result.ts';

/** Where an image comes from, with Docker's defaults filled in. */
export interface ImageRef {
  /** `docker.io` where none is written; with its port. */
  readonly registry: string;
  /** With `library/` for Docker's official images. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:` and 64 hexadecimal digits, or another algorithm's. */
  readonly digest?: string;
}

/** A text that no runtime can pull. */
export interface ImageRefError {
  readonly message: string;
}

const DEFAULT_REGISTRY = 'docker.io';
const LEGACY_REGISTRY = 'index.docker.io';
const OFFICIAL = 'library/';
const LONGEST_NAME = 255;
const LONGEST = 1024;

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?$`);
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const BARE_DIGEST = /^[0-9a-f]{64}$/;
const DIGESTS: readonly RegExp[] = [
  /^sha256:[0-9a-f]{64}$/,
  /^sha384:[0-9a-f]{96}$/,
  /^sha512:[0-9a-f]{128}$/,
];

function fault(message: string): { readonly ok: false; readonly error: ImageRefError } {
  return err({ message });
}

/**
 * Reads an image reference by the grammar of github.com/distribution/reference, with its normalisation: no registry
 * means Docker Hub, no namespace there means `library`. A first component is a registry when it has a dot, a colon or
 * capitals, or is `localhost`.
 */
export function parseImageRef(text: string): Result<ImageRef, ImageRefError> {
  if (text.length > LONGEST) return fault('the image reference is too long');
  if (BARE_DIGEST.test(text)) return fault('64 hexadecimal digits are a digest, not a repository');
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !DIGESTS.some((pattern) => pattern.test(digest)))
    return fault(`"${digest.slice(0, 80)}" is not a digest`);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/') && colon > named.lastIndexOf(']');
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  if (tag !== undefined && !TAG.test(tag)) return fault(`"${tag.slice(0, 40)}" is not a tag`);
  const name = normalise(hasTag ? named.slice(0, colon) : named);
  if (!name.ok) return name;
  return ok({ ...name.value, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) });
}

function isRegistry(component: string): boolean {
  return component === 'localhost' || /[.:\]]/.test(component) || component.toLowerCase() !== component;
}

function normalise(
  name: string,
): Result<{ readonly registry: string; readonly repository: string }, ImageRefError> {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = slash >= 0 && isRegistry(first);
  const written = hasRegistry ? first : DEFAULT_REGISTRY;
  const registry = written === LEGACY_REGISTRY ? DEFAULT_REGISTRY : written;
  const path = hasRegistry ? name.slice(slash + 1) : name;
  if (!DOMAIN.test(registry)) return fault(`"${registry.slice(0, 80)}" is not a registry`);
  const bad = path.split('/').find((component) => !COMPONENT.test(component));
  if (bad !== undefined)
    return fault(`"${bad.slice(0, 80)}" cannot be part of a repository; it takes lower case`);
  if (path.length > LONGEST_NAME) return fault(`a repository has at most ${LONGEST_NAME} characters`);
  const isOfficial = registry === DEFAULT_REGISTRY && !path.includes('/');
  return ok({ registry, repository: isOfficial ? OFFICIAL + path : path });
}

/** The reference in full, every default written out. */
export function formatImageRef({ registry, repository, tag, digest }: ImageRef): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** The reference as people write it: without Docker Hub's defaults. */
export function familiarName(reference: ImageRef): string {
  const full = formatImageRef(reference);
  if (reference.registry !== DEFAULT_REGISTRY) return full;
  const short = full.slice(DEFAULT_REGISTRY.length + 1);
  const official = short.slice(OFFICIAL.length);
  return short.startsWith(OFFICIAL) && !official.includes('/') ? official : short;
}
