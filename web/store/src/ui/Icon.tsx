const PATHS = {
  search: ['M17.5 11a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0', 'm16 16 4.5 4.5'],
  user: ['M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0', 'M4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6'],
  bag: ['M5 8h14l1 12.5H4zM8.5 8V6.5a3.5 3.5 0 0 1 7 0V8'],
  chat: ['M4 5h16v11H10l-5 4v-4H4z'],
  close: ['M5 5l14 14M19 5 5 19'],
  truck: ['M3 6h11v10H3zM14 9h4l3 3.5V16h-7', 'M9 17.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0M19 17.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0'],
  back: ['M9 14H4V9', 'M4.5 13.5A8 8 0 1 0 7 6'],
  store: ['M4 10v10h16V10M3 10l2-6h14l2 6a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0'],
  lock: ['M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3'],
  clock: ['M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0', 'M12 7.5V12l3 2'],
  send: ['M4 12 20 4l-5 16-4-6z'],
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      {PATHS[name].map((d) => (
        <path key={d} d={d} />
      ))}
    </svg>
  )
}

export function Mark() {
  return (
    <svg className="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M3 30V15C3 7.3 8.8 2 16 2s13 5.3 13 13v15h-7V16c0-3.6-2.6-6-6-6s-6 2.4-6 6v14z" />
    </svg>
  )
}
