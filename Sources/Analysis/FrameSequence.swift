import Atomistics

/// Holds every frame of a trajectory against the first one.
struct FrameSequence: Sendable {
  /// The times of the frames taken so far, in fs.
  private(set) var times: [Double] = []
  private var species: [Element] = []

  /// The number of frames taken so far.
  var count: Int { times.count }

  var times_ps: [Double] { times.map { $0 / 1000 } }

  /// Checks the next frame and returns its index, from 0.
  mutating func accept(_ frame: Frame) throws -> Int {
    let number = times.count + 1
    let structure = frame.structure
    if number == 1 {
      species = structure.species
    } else if structure.species != species {
      throw Self.difference(number, expected: species, found: structure.species)
    }
    for (index, position) in structure.positions.enumerated() where !position.isFinite {
      throw AnalysisError.notFinite(
        frame: number, what: "a coordinate of atom \(index + 1) (\(species[index]))")
    }
    let rows = structure.lattice.matrix.rows
    guard rows.0.isFinite, rows.1.isFinite, rows.2.isFinite, structure.volume.isFinite else {
      throw AnalysisError.notFinite(frame: number, what: "the lattice")
    }
    guard frame.time.isFinite else {
      throw AnalysisError.notFinite(frame: number, what: "the time")
    }
    if let previous = times.last, frame.time <= previous {
      throw AnalysisError.timeNotIncreasing(frame: number, previous: previous, time: frame.time)
    }
    times.append(frame.time)
    return number - 1
  }

  /// The time between frames in fs; 0 before the second.
  var spacing: Double {
    count > 1 ? (times[count - 1] - times[0]) / Double(count - 1) : 0
  }

  /// Holds the time of the last frame against even spacing, as the first two frames began it.
  ///
  /// - Throws: `AnalysisError.unevenTimes`.
  func checkEvenSpacing() throws {
    guard count > 2 else { return }
    let interval = times[1] - times[0]
    let last = times[count - 1] - times[count - 2]
    // Times may have been rounded where they were written.
    guard abs(last - interval) <= 0.02 * interval else {
      throw AnalysisError.unevenTimes(frame: count, expected: interval, found: last)
    }
  }

  private static func difference(
    _ number: Int, expected: [Element], found: [Element]
  ) -> AnalysisError {
    for (atom, pair) in zip(expected, found).enumerated()
    where expected.count == found.count && pair.0 != pair.1 {
      return .changedSpecies(frame: number, atom: atom + 1, expected: pair.0, found: pair.1)
    }
    return .changedAtoms(frame: number, expected: expected.count, found: found.count)
  }
}
