import { SEVERITIES, type Severity } from '@bulwark/core';
import { html, type Markup } from './markup.ts';

/** Severity is a shape as well as a colour: diamond, triangle, disc, ring and dot. */
const SHAPES: Readonly<Record<Severity, Markup>> = {
  critical: html`<path d="M8 1l7 7-7 7-7-7z"/>`,
  high: html`<path d="M8 2l7 12H1z"/>`,
  medium: html`<circle cx="8" cy="8" r="6"/>`,
  low: html`<circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="2.5"/>`,
  info: html`<circle cx="8" cy="8" r="2.5"/>`,
};

/** The shapes, once for the page. */
export function shapes(): Markup {
  const symbols = SEVERITIES.map(
    (severity) => html`<symbol id="shape-${severity}" viewBox="0 0 16 16">${SHAPES[severity]}</symbol>`,
  );
  return html`<svg class="shapes" aria-hidden="true">${symbols}</svg>\n`;
}

/** A shape with the word beside it. */
export function badge(severity: Severity): Markup {
  return html`<span class="badge ${severity}"><svg aria-hidden="true"><use href="#shape-${severity}"/></svg>${severity}</span>`;
}
