package serve

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// within reports whether an address lies in one of the networks.
func within(networks []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(a) })
}

// address reads "192.0.2.1:80", "[2001:db8::1]:80" or a bare address; the zero
// Addr is unknown, as on a unix socket.
func address(s string) netip.Addr {
	s = strings.TrimSpace(s)
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// client is the address that a request comes from. Anybody can write
// X-Forwarded-For, so it counts only as far as our own proxies wrote it: it is
// read from the right, up to the first address that is not one of them.
func client(r *http.Request, proxies []netip.Prefix) netip.Addr {
	a := address(r.RemoteAddr)
	if !within(proxies, a) {
		return a
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		next := address(hop)
		if !next.IsValid() {
			return a
		}
		if a = next; !within(proxies, a) {
			return a
		}
	}
	return a
}

// forwarded reports whether a proxy of any kind handed the request on.
func forwarded(r *http.Request) bool {
	for _, k := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via"} {
		if len(r.Header.Values(k)) > 0 {
			return true
		}
	}
	return false
}

// household is who shares one limit: an IPv4 address, or the /64 that one
// IPv6 connection gets as a whole.
func household(a netip.Addr) string {
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
