// What the browser keeps. A browser that keeps nothing (a private window, a full disk) still sells.

const memory = new Map<string, string>()

export function read<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(key) ?? memory.get(key)
    return text == null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

export function write(key: string, value: unknown): void {
  const text = JSON.stringify(value)
  memory.set(key, text)
  try {
    localStorage.setItem(key, text)
  } catch {
    // Kept in memory alone.
  }
}

export function remove(key: string): void {
  memory.delete(key)
  try {
    localStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}

/** Runs alone among all tabs of this browser. */
export async function alone<T>(name: string, act: () => Promise<T>): Promise<T> {
  return navigator.locks ? await navigator.locks.request(name, act) : await act()
}

export function setCookie(name: string, value: string, path = '/'): void {
  const secure = location.protocol === 'https:' ? '; secure' : ''
  const age = value === '' ? 0 : 31_536_000
  document.cookie = `${name}=${value}; path=${path}; max-age=${age}; samesite=lax${secure}`
}
