from base as builder
arg version=1
run echo $version > /v
from base
copy --from=builder /v /v
cmd ["cat", "/v"]
