import { countryName } from './format.ts'
import { locale } from './index.ts'

/** ISO 3166-1 alpha-2. */
const CODES =
  'AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'

const WITH_REGION = new Set('US CA AU MX BR IN JP CN IT ES AR'.split(' '))
/** Where the postal code comes before the city. */
const CODE_FIRST = new Set('DE AT CH FR IT ES NL BE DK SE NO FI PL CZ PT MX BR'.split(' '))

export interface Country {
  code: string
  name: string
}

export const needsRegion = (country: string) => WITH_REGION.has(country)
export const codeFirst = (country: string) => CODE_FIRST.has(country)

/** All of them, or those that are given, by name. */
export function countries(only?: readonly string[]): Country[] {
  const codes = only ?? CODES.split(' ')
  const named = codes.map((code) => ({ code, name: countryName(code) }))
  return named.sort((a, b) => a.name.localeCompare(b.name, locale))
}

/** Where the buyer most likely is: the region of the browser's languages, then the place of its clock. */
export function likelyCountry(): string | undefined {
  for (const tag of navigator.languages) {
    const region = new Intl.Locale(tag).region
    if (region) return region
  }
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const known: Record<string, string> = {
    'Europe/Berlin': 'DE',
    'Europe/Vienna': 'AT',
    'Europe/Zurich': 'CH',
    'Europe/Paris': 'FR',
    'Europe/London': 'GB',
  }
  return known[zone]
}
