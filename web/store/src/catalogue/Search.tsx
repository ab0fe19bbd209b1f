// A combobox with a list popup, by the ARIA Authoring Practices: the words stay the buyer's, arrows walk the list, Enter
// with nothing chosen searches, Escape closes.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { listQuery } from '../api/queries.ts'
import { money } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { Icon } from '../ui/Icon.tsx'

const WAIT = 120
const SHOWN = 6

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), WAIT)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

export function Search() {
  const list = useId()
  const navigate = useNavigate()
  const location = useLocation()
  const input = useRef<HTMLInputElement>(null)
  const inUrl = new URLSearchParams(location.search).get('query') ?? ''
  const [words, setWords] = useState(inUrl)
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  useEffect(() => {
    if (location.pathname === '/products') setWords(inUrl)
    setOpen(false)
    setActive(-1)
  }, [location, inUrl])

  const settled = useSettled(words.trim())
  // Keyed by the words, so a late answer to older ones is never shown for the newer.
  const found = useQuery({ ...listQuery({ query: settled, limit: SHOWN }), enabled: open && settled.length > 1 })
  const known = settled.length > 1 && !found.isPlaceholderData ? (found.data?.items ?? []) : []
  const items = open ? known : []
  const shown = open && items.length > 0
  const chosen = active >= 0 ? items[active] : undefined

  const search = () => {
    setOpen(false)
    navigate(words.trim() ? `/products?query=${encodeURIComponent(words.trim())}` : '/products')
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const last = known.length - 1
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      if (last < 0) return
      const down = event.key === 'ArrowDown'
      setActive(down ? (active >= last ? -1 : active + 1) : active < 0 ? last : active - 1)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      if (open && shown) setOpen(false)
      else setWords('')
      setActive(-1)
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault()
      navigate(`/products/${chosen.handle}`)
    } else if (event.key === 'Tab') {
      setOpen(false)
    }
  }

  return (
    <form
      className="search"
      role="search"
      action="/products"
      onSubmit={(event) => {
        event.preventDefault()
        search()
      }}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <label className="sr-only" htmlFor="search">
        {t('search.label')}
      </label>
      <input
        ref={input}
        className="search-input"
        id="search"
        name="query"
        type="search"
        autoComplete="off"
        role="combobox"
        aria-expanded={shown}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={chosen && `${list}-${active}`}
        placeholder={t('search.placeholder')}
        value={words}
        onChange={(event) => {
          setWords(event.target.value)
          setOpen(true)
          setActive(-1)
        }}
        onKeyDown={onKeyDown}
      />
      <button className="search-button" type="submit" aria-label={t('search.submit')}>
        <Icon name="search" />
      </button>
      <div className="suggestions" id={list} role="listbox" aria-label={t('search.suggestions')} hidden={!shown}>
        {items.map((product, index) => (
          // The keyboard is the input's: focus never leaves it.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events jsx-a11y/interactive-supports-focus
          <div
            key={product.id}
            id={`${list}-${index}`}
            className="suggestion"
            role="option"
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onMouseMove={() => setActive(index)}
            onClick={() => navigate(`/products/${product.handle}`)}
          >
            {product.image && <img src={product.image.url} alt="" width={44} height={44} />}
            <span>{product.title}</span>
            {product.price && <span className="suggestion-price muted">{money(product.price)}</span>}
          </div>
        ))}
      </div>
      <p className="sr-only" role="status">
        {shown ? t('search.found', { count: items.length }) : ''}
      </p>
    </form>
  )
}
