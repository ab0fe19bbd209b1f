// What the API says when it cannot do something (RFC 9457), and what happens when it says nothing.

export interface FieldFault {
  pointer: string
  code: string
  detail: string
}

interface Body {
  code?: string
  title?: string
  detail?: string
  errors?: FieldFault[]
  items?: Record<string, unknown>[]
  order_id?: string
}

export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string | undefined
  readonly errors: readonly FieldFault[]
  readonly items: readonly Record<string, unknown>[]
  readonly orderId: string | undefined
  /** Seconds. */
  readonly retryAfter: number | undefined

  constructor(status: number, body: Body, retryAfter?: number) {
    super(body.detail ?? body.title ?? `HTTP ${status}`)
    this.name = 'ApiProblem'
    this.status = status
    this.code = body.code ?? (status >= 500 ? 'internal' : 'unknown')
    this.title = body.title ?? ''
    this.detail = body.detail
    this.errors = body.errors ?? []
    this.items = body.items ?? []
    this.orderId = body.order_id
    this.retryAfter = retryAfter
  }

  static of(response: Response, error: unknown): ApiProblem {
    const body: Body = typeof error === 'object' && error !== null ? error : {}
    const seconds = Number(response.headers.get('retry-after'))
    return new ApiProblem(response.status, body, seconds > 0 ? seconds : undefined)
  }

  /** Whether the same request may be sent again: nothing is final about it. */
  get isTemporary(): boolean {
    return this.status === 429 || this.status === 503 || this.code === 'in_progress'
  }
}

/** No answer came: it is not known whether the server did anything. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('the server cannot be reached')
    this.name = 'Unreachable'
    this.cause = cause
  }
}
