import Atomistics

/// A diffusivity with its error, from segments of a trajectory that count as independent.
public struct Diffusivity: Sendable, Codable, Hashable {
  public let value_cm2_per_s: Double
  /// Of the mean over segments; nil where there are fewer than four.
  public let standardError_cm2_per_s: Double?
  /// Where the true value lies 95 times of 100, by Student's t.
  public let low95_cm2_per_s: Double?
  public let high95_cm2_per_s: Double?

  /// 1 Å²/fs in cm²/s.
  static let unit = 0.1

  /// The mean of slopes (Å²/fs) of independent segments over 2d, and its error.
  init(slopes: [Double], dimensions: Int) {
    let values = slopes.map { $0 / Double(2 * dimensions) * Self.unit }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    value_cm2_per_s = mean
    guard values.count >= DisplacementFit.leastSegments else {
      (standardError_cm2_per_s, low95_cm2_per_s, high95_cm2_per_s) = (nil, nil, nil)
      return
    }
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let error = (variance / count).squareRoot()
    let reach = error * StudentT.quantile95(degreesOfFreedom: values.count - 1)
    standardError_cm2_per_s = error
    low95_cm2_per_s = mean - reach
    high95_cm2_per_s = mean + reach
  }
}

/// How diffusivities were taken from the mean squared displacement.
public struct DisplacementFit: Sendable, Codable, Hashable {
  /// With fewer, their scatter says too little.
  static let leastSegments = 4
  static let mostSegments = 20

  public let from_ps: Double
  public let to_ps: Double
  /// The stretches into which the trajectory was cut.
  public let segments: Int
  /// α of MSD ∝ tᵅ between `from_ps` and `to_ps`, from the whole trajectory; 1 for diffusion.
  public let exponent: Double?
  /// In all three directions, in the plane of a and b, and across it.
  public let total: Diffusivity
  public let inPlane: Diffusivity
  public let normal: Diffusivity
}

/// The slope of a straight line through points by least squares.
func slope(_ x: [Double], _ y: [Double]) -> Double {
  let count = Double(x.count)
  let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
  let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
  return covariance / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
}
