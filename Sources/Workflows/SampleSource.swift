import Atomistics
import FileFormats
import Foundation

/// A structure that frames are made from.
struct SampleSource: Sendable {
  /// What its frames descend from: the note `traj` that it has itself, else its file's name.
  let name: String
  /// Its file, and its frame in it if there are several: what messages and random numbers go by.
  let label: String
  var structure: Structure
  /// Of the structure as the file has it.
  let digest: String

  /// Every `stride`-th structure of the files, in their order.
  ///
  /// - Throws: `FileFormatsError`; `WorkflowsError.badSampling` where two files have one name.
  static func read(_ files: [String], stride: Int) throws -> [SampleSource] {
    var sources: [SampleSource] = []
    var paths: [String: String] = [:]
    for path in files {
      let file = baseName(path)
      if let other = paths.updateValue(path, forKey: file) {
        throw WorkflowsError.badSampling(
          "\(other) and \(path) have one name, \(file), by which frames are told apart; rename "
            + "one, and give each once")
      }
      let frames = try structures(path)
      for k in Swift.stride(from: 0, to: frames.count, by: stride) {
        sources.append(
          SampleSource(
            name: frames[k].trajectory ?? file,
            label: frames.count == 1 ? file : "\(file):\(k + 1)", structure: frames[k].structure))
      }
    }
    return sources
  }

  private init(name: String, label: String, structure: Structure) {
    (self.name, self.label) = (name, label)
    var plain = structure
    (plain.velocities, plain.formalCharges, plain.layers) = (nil, nil, nil)
    self.structure = plain
    digest = SHA256Digest.hex(of: Data(ExtendedXYZ.text(of: plain, info: []).utf8))
  }

  /// Extended XYZ may hold frames of different atoms; what is no trajectory has one structure.
  private static func structures(
    _ path: String
  ) throws -> [(structure: Structure, trajectory: String?)] {
    let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    guard ExtendedXYZ().claims(fileName: name.lowercased()) else {
      guard var reader = try? TrajectoryReader(path: path) else {
        return [(try StructureFile.read(path), nil)]
      }
      var frames: [(structure: Structure, trajectory: String?)] = []
      while let next = try reader.next() { frames.append((next.structure, nil)) }
      return try filled(frames, path)
    }
    var source = ExtendedXYZ().frames(of: try LineReader(path: path))
    var frames: [(structure: Structure, trajectory: String?)] = []
    while let next = try source.next() { frames.append((next.structure, next.notes["traj"])) }
    return try filled(frames, path)
  }

  private static func filled<Frame>(_ frames: [Frame], _ path: String) throws -> [Frame] {
    guard frames.isEmpty else { return frames }
    throw FileFormatsError.badFile(path: path, line: nil, reason: "there are no structures in it")
  }

  /// The file's name without directories and endings.
  private static func baseName(_ path: String) -> String {
    var name = URL(fileURLWithPath: path).lastPathComponent
    if name.hasSuffix(".gz") { name.removeLast(3) }
    for ending in [".extxyz", ".xyz", ".cif", ".vasp", ".POSCAR"] where name.hasSuffix(ending) {
      name.removeLast(ending.count)
    }
    return name
  }

  /// Whether it repeats in all directions and has no sides: what may be strained and repeated.
  var isCrystal: Bool { !structure.periodic.contains(false) && structure.regions == nil }

  /// What frames of it are called that are no crystal's: a contact has two sides.
  var contactGroup: String {
    let regions = Set(structure.regions ?? [])
    return regions.count == 2 ? "contact" : "slab"
  }
}
