import Atomistics
import FileFormats
import Foundation
import Testing

/// The golden files of Fixtures/exchange/generate_exchange.py.
struct ExchangeGolden: Decodable {
  /// A frame of ASE's dynamics of the structure as it is: Å, Å/fs, eV/Å, eV.
  struct Frame: Decodable {
    let positions: [[Double]]
    let velocities: [[Double]]
    let forces: [[Double]]
    let energy: Double
  }

  /// A frame of LAMMPS's dump as ASE reads it, positions from the box's corner.
  struct DumpFrame: Decodable {
    let cell: [[Double]]
    let positions: [[Double]]
  }

  let frames: [Frame]
  let npt: [DumpFrame]
  let wrapped: [DumpFrame]

  static func path(_ name: String) throws -> String {
    let url = Bundle.module.url(forResource: "Fixtures/exchange/\(name)", withExtension: nil)
    return try #require(url).path
  }

  static func load() throws -> ExchangeGolden {
    try JSONDecoder().decode(
      ExchangeGolden.self, from: InputFile.read(path("expected.json")))
  }

  /// The structure that was exported: left-handed, in general orientation, with regions and layers.
  static func cell() throws -> Structure { try StructureFile.read(path("cell.extxyz")) }

  static func text(_ name: String) throws -> String { try InputFile.text(path(name)) }
}

func vectors(_ rows: [[Double]]) -> [Vector3] { rows.map { Vector3($0[0], $0[1], $0[2]) } }

/// The largest distance between vectors of the same number.
func largestDifference(_ left: [Vector3], _ right: [Vector3]) -> Double {
  guard left.count == right.count else { return .infinity }
  return zip(left, right).map { ($0 - $1).length }.max() ?? .infinity
}

/// All frames of a trajectory.
func frames(
  _ path: String, interval: Double? = nil, from origin: TrajectoryOrigin = TrajectoryOrigin()
) throws -> [Frame] {
  var reader = try TrajectoryReader(path: path, frameInterval: interval, origin: origin)
  var frames: [Frame] = []
  while let frame = try reader.next() { frames.append(frame) }
  return frames
}

/// What reading a trajectory comes to, in words.
func outcome(
  _ path: String, from origin: TrajectoryOrigin = TrajectoryOrigin()
) throws -> String {
  var reader = try TrajectoryReader(path: path, origin: origin)
  do {
    while try reader.next() != nil {}
  } catch let error as FileFormatsError {
    #expect(error.kind == .badData)
    return error.description
  }
  return "\(reader.frameCount) frames, truncated \(reader.truncated)"
}
