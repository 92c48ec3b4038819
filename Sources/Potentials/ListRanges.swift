import CKernels

/// Up to where the kernel lists pairs of two species, in its layout.
final class ListRanges: @unchecked Sendable {
  // Unchecked because of the pointers only: nothing writes after `init`.
  let pointer: UnsafePointer<ik_ranges>
  /// The longest of all (Å).
  let longest: Double

  /// - Parameters:
  ///   - slots: the kernel's number of each atom's species.
  ///   - radial: cut-off (Å); the angular part's counts no further than this.
  init(_ slots: [UInt8], _ margins: ListMargins, radial: Double, angular: Double) {
    let lanes = Int(IK_LANES)
    var margin = [Double](repeating: 0, count: lanes)
    for (atom, slot) in slots.enumerated() { margin[Int(slot)] = margins[atom] }
    let present = Set(slots).map(Int.init)
    let widest = present.map { margin[$0] }.max() ?? 0
    longest = radial + 2 * widest
    let table = UnsafeMutableRawPointer.allocate(
      byteCount: 2 * lanes * lanes * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: 2 * lanes * lanes)
    let reach = UnsafeMutablePointer<Double>.allocate(capacity: lanes)
    for a in 0..<lanes {
      reach[a] = radial + margin[a] + widest
      for b in 0..<lanes {
        let inner = min(angular, radial) + margin[a] + margin[b]
        let outer = radial + margin[a] + margin[b]
        table[(2 * a) * lanes + b] = Float(inner * inner)
        table[(2 * a + 1) * lanes + b] = Float(outer * outer)
      }
    }
    let ranges = UnsafeMutablePointer<ik_ranges>.allocate(capacity: 1)
    ranges.initialize(to: ik_ranges(squares: table, longest: reach))
    pointer = UnsafePointer(ranges)
  }

  deinit {
    pointer.pointee.squares.deallocate()
    pointer.pointee.longest.deallocate()
    pointer.deallocate()
  }
}
