"""The local gateway: the project's own functions behind front doors that answer as AWS does.

Theory of operation. A browser speaks to a `listener`; each connection is a `wire.Connection`, which parses HTTP and keeps
the case, order and duplicates of header lines. `gateway` hands the request to `corsmith.gateways.answer`, a generator
without I/O that *asks*: invoke this function with that event, or authorize that caller. The driver does what is asked and
sends the result back, until the generator returns the response. Functions run in processes of their own (`process`),
which fetch their events from a Runtime API (`runtime_api`) just as they do on AWS; `pool` keeps them warm and adds more
where calls have to wait.
"""
