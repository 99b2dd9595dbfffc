package catalogue

import "math"

// earthKm is the mean radius of the earth. Source: IUGG.
const earthKm = 6371.0088

// Km is the distance between two points given in degrees, in kilometres, as
// the crow flies.
func Km(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	dLat, dLon := (lat2-lat1)*rad, (lon2-lon1)*rad
	a := math.Pow(math.Sin(dLat/2), 2) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * earthKm * math.Asin(math.Min(1, math.Sqrt(a)))
}

// Near returns the commune whose middle is closest to a point, and how far it
// is. It is how a shared location becomes a commune: the point is not kept.
func (c *Catalogue) Near(lat, lon float64) (m *Commune, km float64) {
	km = math.Inf(1)
	for i := range c.Communes {
		if d := Km(lat, lon, c.Communes[i].Lat, c.Communes[i].Lon); d < km {
			m, km = &c.Communes[i], d
		}
	}
	return m, km
}
