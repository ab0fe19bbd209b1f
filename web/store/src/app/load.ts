// Parts of the app are fetched when they are first needed. A server that is away just then is no reason to lose the page.
import { lazy, type ComponentType } from 'react'
import { reachability } from '../api/reachability.ts'

/** Asks again once the server is back. What fails although it is there is of an older build, and is for the reload. */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await load()
    } catch (error) {
      if (await reachability.look()) failures += 1
      else await reachability.back()
      if (failures > 1) throw error
    }
  }
}

type Module<P> = { default: ComponentType<P> }

export const part = <P extends object>(load: () => Promise<Module<P>>) => lazy(() => patiently(load))

/** Each page is a chunk of its own; the edge preloads the one that its document shows. */
export const page = (load: () => Promise<Module<object>>) => async () => ({ Component: (await patiently(load)).default })
