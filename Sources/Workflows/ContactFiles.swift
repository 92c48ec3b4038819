import Atomistics
import FileFormats
import Foundation
import Interfaces

/// The files of a contact: `NAME.extxyz`, `.POSCAR` with `.POSCAR.order`, `.cif`, `.data`.
///
/// | file | holds |
/// |---|---|
/// | `.extxyz` | all: atoms, regions, layers, formal charges, and `ContactDescription` |
/// | `.POSCAR` | atoms grouped by element; `.POSCAR.order` leads back (`POSCAROrder`) |
/// | `.cif` | P 1 |
/// | `.data` | LAMMPS's data, `units metal`, `atom_style atomic`; ids are the order of the `.extxyz` |
///
/// Each appears whole or not at all, and with the same bytes for the same contact.
public struct ContactFiles: Sendable, Hashable, Codable {
  public let extxyz: String
  public let poscar: String
  public let poscarOrder: String
  public let cif: String
  public let lammps: String

  /// Writes a contact with all that is known of it.
  ///
  /// - Throws: `FileFormatsError.cannotWrite`.
  public init(
    writing contact: CoherentInterface, settings: ContactSettings, name: String, to folder: URL
  ) throws {
    try self.init(
      writing: contact.structure, info: ContactDescription(contact, settings: settings).info,
      name: name, to: folder)
  }

  /// Writes them; the folder is made where it is missing.
  ///
  /// - Parameter info: keys and values of the extended XYZ's comment line.
  /// - Throws: `FileFormatsError.cannotWrite`.
  public init(
    writing structure: Structure, info: [(String, String)], name: String, to folder: URL
  ) throws {
    try createDirectory(folder)
    func path(_ suffix: String) -> String { folder.appendingPathComponent(name + suffix).path }
    (extxyz, poscar, cif, lammps) = (path(".extxyz"), path(".POSCAR"), path(".cif"), path(".data"))
    poscarOrder = POSCAROrder.path(beside: poscar)
    try AtomicFile.write(ExtendedXYZ.text(of: structure, info: info), to: extxyz)
    try POSCAR.writeWithOrder(structure, to: poscar)
    try AtomicFile.write(CIF().text(of: structure), to: cif)
    try AtomicFile.write(try LAMMPSData(structure).text, to: lammps)
  }
}
