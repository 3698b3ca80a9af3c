import { useMatches } from '@tanstack/react-router';
import { PAGES, type PageDefinition } from './pages.ts';

/** The page that the address names; undefined where there is none. */
export function usePage(): PageDefinition | undefined {
  const path = useMatches({ select: (matches): string | undefined => matches.at(-1)?.routeId });
  return PAGES.find((page) => page.path === path);
}
