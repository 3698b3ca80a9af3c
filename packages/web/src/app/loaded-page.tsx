import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Notice } from '../parts/notice.tsx';
import { PAGES, type PageDefinition } from './pages.ts';

type Module = Awaited<ReturnType<PageDefinition['load']>>;

/** How long the first page has the connection to itself, ms. */
const FIRST_MS = 2000;
/** Kept while the page is loaded anew for a module: what is missing even then is not looked for so again. */
const RENEWED = 'bulwark renewed';

const loaded = new Map<string, Module>();

async function moduleOf({ path, load }: PageDefinition): Promise<Module> {
  const module = await load();
  loaded.set(path, module);
  return module;
}

/** The module of a page that is gone to. A hub of another version has modules of other names, and serves a page that knows them. */
async function neededModule(page: PageDefinition): Promise<Module> {
  try {
    const module = await moduleOf(page);
    sessionStorage.removeItem(RENEWED);
    return module;
  } catch (error) {
    // Where the hub is away, loading anew would leave a page of the browser in place of this one.
    if (sessionStorage.getItem(RENEWED) === null && (await isServed())) {
      sessionStorage.setItem(RENEWED, page.path);
      location.reload();
    }
    throw error;
  }
}

function isServed(): Promise<boolean> {
  return fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Shows a page as soon as its module is there; where it does not come says so, and asks again as for all else. */
export function LoadedPage({ page }: { readonly page: PageDefinition }) {
  const found = useQuery({
    queryKey: ['module', page.path],
    queryFn: () => neededModule(page),
    initialData: () => loaded.get(page.path),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (found.data === undefined) return <Notice of={found} what="the page" isPage />;
  return <found.data.Page />;
}

/** Loads all pages behind the first one: so they can be gone to also while the hub is away. */
export function useAllPages(): void {
  useEffect(() => {
    const timer = setTimeout(async () => {
      for (const page of PAGES) await moduleOf(page).catch(() => undefined);
    }, FIRST_MS);
    return () => clearTimeout(timer);
  }, []);
}
