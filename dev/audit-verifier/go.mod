module medbackup.org/audit-verifier

go 1.24.0

require (
	github.com/cloudflare/circl v1.6.1
	github.com/transparency-dev/merkle v0.0.2
	golang.org/x/mod v0.30.0
)

require golang.org/x/sys v0.10.0 // indirect
