import Atomistics

/// A target temperature as a function of time: straight lines between points, held before the first
/// and after the last.
///
///     T(t) = T_k + (T_{k+1} − T_k)(t − t_k)/(t_{k+1} − t_k),   t_k ≤ t ≤ t_{k+1}
///
/// It depends on the time alone, so that a run restored from a checkpoint follows the same bits.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | t | `time` since the run's start | fs |
/// | T | `temperature` | K |
public struct TemperatureProgram: Sendable, Hashable, Codable, CustomStringConvertible {
  public struct Point: Sendable, Hashable, Codable {
    public let time: Double
    public let temperature: Double

    public init(time: Double, temperature: Double) {
      self.time = time
      self.temperature = temperature
    }
  }

  public let points: [Point]

  /// - Throws: `DynamicsError.badStart` unless there is a point, times ascend and temperatures are
  ///   above zero.
  public init(_ points: [Point]) throws {
    guard !points.isEmpty else {
      throw DynamicsError.badStart("a temperature program needs at least one temperature")
    }
    for point in points {
      guard point.temperature > 0, point.temperature.isFinite else {
        throw DynamicsError.badStart(
          "a temperature program cannot hold \(point.temperature) K; give temperatures above 0 K")
      }
    }
    for (early, late) in zip(points, points.dropFirst()) {
      guard early.time < late.time, late.time.isFinite else {
        throw DynamicsError.badStart(
          "the times of a temperature program must ascend; \(late.time) fs comes after "
            + "\(early.time) fs")
      }
    }
    self.points = points
  }

  /// From one temperature (K) to another in a straight line over a duration (fs), then held.
  ///
  /// - Throws: `DynamicsError.badStart` for temperatures or a duration not above zero.
  public static func ramp(
    from first: Double, to last: Double, over duration: Double, after start: Double = 0
  ) throws -> TemperatureProgram {
    try TemperatureProgram([
      Point(time: start, temperature: first), Point(time: start + duration, temperature: last),
    ])
  }

  /// The target in K at a time in fs.
  public func temperature(at time: Double) -> Double {
    guard let next = points.firstIndex(where: { $0.time > time }) else {
      return points[points.count - 1].temperature
    }
    guard next > 0 else { return points[0].temperature }
    let (a, b) = (points[next - 1], points[next])
    return a.temperature
      + (b.temperature - a.temperature) * ((time - a.time) / (b.time - a.time))
  }

  public var description: String {
    points.map { "\($0.temperature) K at \($0.time / 1000) ps" }.joined(separator: ", ")
  }
}
