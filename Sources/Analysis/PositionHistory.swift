import Atomistics

/// Positions of some atoms over the whole of a trajectory, in bounded memory.
///
/// Every frame is kept until there are `capacity` of them. Then every second one goes, and from
/// there on only every second is taken in, and so on: there are always between half of `capacity`
/// and `capacity` of them, evenly spaced over all that has passed.
///
/// Coordinates lie one kind after the other, frame by frame, so that displacements over a lag are
/// differences of one array with itself.
struct PositionHistory: Sendable {
  let capacity: Int
  let atoms: Int
  /// Frames of the trajectory per frame kept.
  private(set) var stride = 1
  /// Frames kept.
  private(set) var count = 0
  /// Along two axes in the plane of a and b, and along their normal.
  private(set) var coordinates: [[Double]] = [[], [], []]
  private var seen = 0

  /// - Parameter capacity: even.
  init(atoms: Int, capacity: Int) {
    precondition(capacity >= 4 && capacity % 2 == 0, "half of the frames can go")
    self.atoms = atoms
    self.capacity = capacity
  }

  /// Takes in the next frame's positions.
  mutating func append(_ positions: some Sequence<Vector3>) {
    defer { seen += 1 }
    if count == capacity { thin() }
    guard seen % stride == 0 else { return }
    for position in positions {
      for k in 0..<3 { coordinates[k].append(position[k]) }
    }
    count += 1
  }

  private mutating func thin() {
    for k in 0..<3 {
      for frame in 1..<count / 2 {
        for atom in 0..<atoms {
          coordinates[k][frame * atoms + atom] = coordinates[k][2 * frame * atoms + atom]
        }
      }
      coordinates[k].removeLast(coordinates[k].count - count / 2 * atoms)
    }
    count /= 2
    stride *= 2
  }

  /// The mean over atoms and over the origins in `frames` of the squared displacement along axis
  /// `k` after `lag` frames, both ends within `frames`.
  func meanSquare(_ k: Int, lag: Int, in frames: Range<Int>) -> Double {
    let origins = frames.count - lag
    precondition(origins > 0 && lag > 0, "a lag fits into its frames")
    let sum = coordinates[k].withUnsafeBufferPointer { x in
      let first = frames.lowerBound * atoms
      return Self.squaredDistance(
        x[first..<first + origins * atoms], x[first + lag * atoms..<frames.upperBound * atoms])
    }
    return sum / Double(origins * atoms)
  }

  private static func squaredDistance(
    _ a: Slice<UnsafeBufferPointer<Double>>, _ b: Slice<UnsafeBufferPointer<Double>>
  ) -> Double {
    let (a, b) = (UnsafeBufferPointer(rebasing: a), UnsafeBufferPointer(rebasing: b))
    let whole = a.count & ~7
    var lanes = SIMD8<Double>.zero
    var sum = 0.0
    for start in Swift.stride(from: 0, to: whole, by: 8) {
      var difference = SIMD8<Double>.zero
      for lane in 0..<8 { difference[lane] = b[start + lane] - a[start + lane] }
      lanes += difference * difference
    }
    for index in whole..<a.count {
      let difference = b[index] - a[index]
      sum += difference * difference
    }
    return sum + lanes.sum()
  }
}
