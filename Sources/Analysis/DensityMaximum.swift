/// The end of a way up a density: a point, or one for all points of a plateau, that no higher
/// neighbour has; with what arrives there.
struct DensityMaximum: Sendable {
  let point: Int
  /// ∑ w ρ over the basin.
  let density: Double
  /// ∑ w over the basin.
  let points: Double
}
