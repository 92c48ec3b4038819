/// Numbers in one block of memory that never change once made, for the hot loops.
///
/// Several threads read it through `base` without the checks and reference counts of an array.
final class FlatTable: @unchecked Sendable {
  // Unchecked because of the pointer only: nothing writes after `init`.
  let base: UnsafePointer<Double>
  let count: Int

  /// A table of `count` numbers, zero where `fill` leaves them.
  init(count: Int, fill: (UnsafeMutablePointer<Double>) -> Void) {
    let memory = UnsafeMutablePointer<Double>.allocate(capacity: max(count, 1))
    memory.initialize(repeating: 0, count: max(count, 1))
    fill(memory)
    base = UnsafePointer(memory)
    self.count = count
  }

  deinit { base.deallocate() }
}

/// n rounded up to a whole number of four lanes.
@inline(__always) func padded(_ n: Int) -> Int { (n + 3) & ~3 }

/// The four numbers from `pointer` on.
@inline(__always) func load4(_ pointer: UnsafePointer<Double>) -> SIMD4<Double> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self)
}

@inline(__always) func load4(_ pointer: UnsafeMutablePointer<Double>) -> SIMD4<Double> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self)
}

@inline(__always) func store4(_ value: SIMD4<Double>, _ pointer: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD4<Double>.self)
}
