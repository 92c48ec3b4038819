// The elementary functions come from the C library; this file is the only one that says which.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// cos x, exact at the quarter turns that lattice angles are made of.
public func cosine(_ x: Double) -> Double {
  let quarterTurns = x / (Double.pi / 2)
  if abs(quarterTurns - quarterTurns.rounded()) < 1e-15 {
    return [1, 0, -1, 0][Int(quarterTurns.rounded()) & 3]
  }
  return cos(x)
}

public func arcCosine(_ x: Double) -> Double { acos(x) }
public func naturalLogarithm(_ x: Double) -> Double { log(x) }
public func exponential(_ x: Double) -> Double { exp(x) }
public func sine(_ x: Double) -> Double { sin(x) }
public func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
public func power(_ x: Double, _ exponent: Double) -> Double { pow(x, exponent) }
/// The angle of the point (x, y), −π to π.
public func arcTangent(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
