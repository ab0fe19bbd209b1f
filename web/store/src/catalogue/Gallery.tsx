import { useEffect, useState } from 'react'
import type { Product } from '../api/queries.ts'
import { t } from '../i18n/index.ts'

interface GalleryProps {
  images: Product['images']
  /** Values of the chosen options: a picture whose text names one of them is shown. */
  wanted: string[]
}

export function Gallery({ images, wanted }: GalleryProps) {
  const [shown, setShown] = useState(0)
  const named = wanted.join('|').toLowerCase()
  useEffect(() => {
    if (images.length < 2) return
    const words = named.split('|').filter((word) => word.length > 2)
    const index = images.findIndex(({ alt }) => words.some((word) => alt.toLowerCase().includes(word)))
    if (index >= 0) setShown(index)
  }, [named, images])
  const image = images[shown] ?? images[0]
  return (
    <div className="gallery">
      <div className="gallery-main">
        {image && <img src={image.url} alt={image.alt} width={1000} height={1000} fetchPriority="high" />}
      </div>
      {images.length > 1 && (
        <div className="gallery-thumbs" role="group" aria-label={t('gallery.label')}>
          {images.map(({ url, alt }, index) => (
            <button
              key={url}
              type="button"
              className="thumb"
              aria-current={index === shown}
              aria-label={t('gallery.show', { number: index + 1, alt })}
              onClick={() => setShown(index)}
            >
              <img src={url} alt="" width={120} height={120} />
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
