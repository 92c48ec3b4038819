import Atomistics

/// The vectors of a surface lattice by length, one of every two that differ in sign.
struct SurfaceVectors {
  struct Entry {
    let whole: SIMD2<Int>
    let vector: SIMD2<Double>
    let length: Double
  }
  private let entries: [Entry]

  init(_ lattice: PlaneLattice, upTo reach: Double) {
    let (short, change) = PlaneSupercell.identity.reduced(on: lattice)
    let a = short.lengthA
    let height = short.area / a
    let slope = short.a.dot(short.b) / (a * a)
    var entries: [Entry] = []
    for j in 0...Int(reach / height) {
      let h = Double(j) * height
      let half = max(0, reach * reach - h * h).squareRoot() / a
      let middle = -Double(j) * slope
      let first = j == 0 ? 1 : Int((middle - half).rounded(.up))
      let last = Int((middle + half).rounded(.down))
      for i in stride(from: first, through: last, by: 1) {
        let whole = i &* change.rows[0] &+ j &* change.rows[1]
        let vector = lattice.vector(whole)
        entries.append(Entry(whole: whole, vector: vector, length: vector.length))
      }
    }
    // Of equal lengths the order is that of the integers, so that every run lists the same.
    self.entries = entries.sorted {
      ($0.length, $0.whole.x, $0.whole.y) < ($1.length, $1.whole.x, $1.whole.y)
    }
  }

  /// Those of a length within a range.
  subscript(range: ClosedRange<Double>) -> ArraySlice<Entry> {
    let first = index(of: range.lowerBound)
    var last = first
    while last < entries.count, entries[last].length <= range.upperBound { last += 1 }
    return entries[first..<last]
  }

  /// The first entry that is at least this long.
  private func index(of length: Double) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].length < length { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
