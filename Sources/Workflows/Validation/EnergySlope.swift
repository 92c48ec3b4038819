/// How much of the labels' differences in energy a potential gives: the slope of its energies against
/// theirs, by least squares within each trajectory, through the means of each.
///
///     a = Σ_t Σ_f (x − x̄_t)(y − ȳ_t) / Σ_t Σ_f (x − x̄_t)²
///     s² = Σ_t Σ_f (y − ȳ_t − a (x − x̄_t))² / ((n − T − 1) Σ_t Σ_f (x − x̄_t)²)
///
/// | symbol | name | unit |
/// |---|---|---|
/// | x, y | energy by label and potential, of a frame | eV/atom |
/// | a | `slope`; 1 where every difference is right, below it where energies fall too little | - |
/// | s | `standardError`, as if the frames of a trajectory were independent | - |
/// | R² | `determination`, of the energies less their means | - |
/// | n, T | `frames`, `trajectories` | - |
public struct EnergySlope: Sendable, Codable, Hashable {
  public let slope: Double
  public let standardError: Double
  public let determination: Double
  public let frames: Int
  public let trajectories: Int

  /// A trajectory with fewer frames has no slope worth a number.
  public static let fewestFrames = 5

  /// - Parameter trajectories: energies per atom of frames of one composition each.
  /// - Returns: nil where no trajectory has frames enough, or the labels' energies do not vary.
  public init?(_ trajectories: [[(label: Double, found: Double)]]) {
    let long = trajectories.filter { $0.count >= Self.fewestFrames }
    var (xx, xy, yy, n) = (0.0, 0.0, 0.0, 0)
    for frames in long {
      let count = Double(frames.count)
      let x = frames.reduce(0) { $0 + $1.label } / count
      let y = frames.reduce(0) { $0 + $1.found } / count
      for frame in frames {
        xx += (frame.label - x) * (frame.label - x)
        xy += (frame.label - x) * (frame.found - y)
        yy += (frame.found - y) * (frame.found - y)
      }
      n += frames.count
    }
    // Below 1e-7 eV/atom energies differ by rounding.
    guard n > 0, xx > 1e-14 * Double(n) else { return nil }
    slope = xy / xx
    let left = max(0, yy - xy * xy / xx)
    standardError = (left / (Double(n - long.count - 1) * xx)).squareRoot()
    determination = yy > 0 ? 1 - left / yy : 0
    self.frames = n
    self.trajectories = long.count
  }
}
