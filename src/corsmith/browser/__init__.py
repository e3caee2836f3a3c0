"""The Fetch Standard's CORS protocol, as today's browsers run it.

Public names: `fetch(page, request, profile)` (a generator: yields `Ask`, is sent `Response | NetworkFailure`, returns
`Verdict`), `drive(generator, answer)`, `simulate(case, profile)`, `Page`, `PageRequest`, `Ask`, `Verdict`, `PROFILES`.
"""
